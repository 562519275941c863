using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http;

/// <summary>Reads small JSON bodies into records of ours.</summary>
internal static class BodyReader
{
    private const int MaxBytes = 256 << 10;

    public static async Task<T> ReadJsonAsync<T>(this HttpRequest request, CancellationToken cancellationToken)
        where T : class => ParseJson<T>(await RequestBody.ReadAsync(request, MaxBytes, cancellationToken));

    /// <summary>Of a body that may be left out; clients write null for that as well.</summary>
    public static T? ParseOptionalJson<T>(ReadOnlyMemory<byte> json)
        where T : class => json.IsEmpty || json.Span.SequenceEqual("null"u8) ? null : ParseJson<T>(json);

    /// <summary>Of a body that has been read already.</summary>
    public static T ParseJson<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        try
        {
            return GivenJson.Read<T>(json);
        }
        catch (JsonException e) when (JsonFault.UnknownMemberOf(e) == Requester.FormerName)
        {
            throw RequestProblem.BadRequest(Requester.Misplaced("body"));
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest($"The body cannot be read. {JsonFault.Describe(e)}");
        }
    }
}
