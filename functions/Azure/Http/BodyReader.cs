using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http;

/// <summary>Reads small JSON bodies into records of ours.</summary>
internal static class BodyReader
{
    private const int MaxBytes = 256 << 10;

    public static async Task<T> ReadJsonAsync<T>(this HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        await using LimitedStream body = new(request.Body, MaxBytes);
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(body, StoredJson.Options, cancellationToken)
                ?? throw RequestProblem.BadRequest("The body is null; expected is a JSON object.");
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest($"The body cannot be read. {JsonFault.Describe(e)}");
        }
    }

    /// <summary>Of a body that has been read already.</summary>
    public static T ParseJson<T>(ReadOnlyMemory<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json.Span, StoredJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw RequestProblem.BadRequest($"The body is not the JSON that was expected. {JsonFault.Describe(e)}");
        }
    }
}
