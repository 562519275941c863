using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Http.Lanes;

namespace Serverless.Functions.Azure.Audit;

/// <summary>Why somebody acts, as all bodies of ours say it: in a member "reason" or "why".</summary>
internal static class GivenReason
{
    /// <summary>Bodies with a reason are small; of a larger one, a package for instance, only so much is looked at.</summary>
    private const int MaxBytes = 256 << 10;

    private static readonly string[] Members = ["reason", "why"];

    /// <summary>Null where the body has none. Whoever reads the body afterwards finds it whole.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType())
        {
            return null;
        }
        byte[] buffer = new byte[MaxBytes];
        LanePlace? place = request.HttpContext.Features.Get<LanePlace>();
        TimedStream body = new(request.Body, place?.AwaitBody() ?? default);
        int length = await body.ReadAtLeastAsync(buffer, MaxBytes, throwOnEndOfStream: false, cancellationToken);
        place?.Resume();
        request.Body = new ReplayedStream(buffer.AsMemory(0, length), request.Body);
        return length < MaxBytes ? Find(buffer.AsMemory(0, length)) : null;
    }

    private static string? Find(ReadOnlyMemory<byte> json)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(json);
            return body.RootElement.ValueKind != JsonValueKind.Object
                ? null
                : body
                    .RootElement.EnumerateObject()
                    .Where(member => member.Value.ValueKind == JsonValueKind.String)
                    .Where(member => Members.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
                    .Select(member => member.Value.GetString())
                    .FirstOrDefault();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null; // no JSON, or half a character: whoever reads it for its own sake says so
        }
    }
}
