using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Local.Stack;

/// <summary>What an app says when it refuses, as one line.</summary>
internal static class Refusal
{
    private const int MostCharacters = 500;

    public static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Of(
            response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path),
            response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken)
        );

    public static string Of(string? address, HttpStatusCode status, string body)
    {
        if (DetailOf(body) is { } detail)
        {
            return detail.ReplaceLineEndings(" ");
        }
        string shown = body.ReplaceLineEndings(" ");
        return status switch
        {
            HttpStatusCode.Unauthorized =>
                $"{address} refuses the key (401). The variable KEY must be a function key of the app; the stack here has its own.",
            _ => $"{address} answered {(int)status}{(shown.Length > 0 ? $": {shown[..Math.Min(shown.Length, MostCharacters)]}" : ".")}",
        };
    }

    /// <summary>The one sentence of problem+json; null where it is none.</summary>
    private static string? DetailOf(string body)
    {
        try
        {
            return
                JsonNode.Parse(body) is JsonObject problem && problem["detail"] is JsonValue detail && detail.TryGetValue(out string? text)
                ? text
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
