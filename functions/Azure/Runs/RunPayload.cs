using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Payloads as an answer holds them: small ones whole, larger ones to be asked for.</summary>
internal static class RunPayload
{
    /// <summary>UTF-16 code units of an input, an output or a custom status in the answer about a run.</summary>
    public const int MaxOfRun = 20_000;

    /// <summary>The same of each event of a history.</summary>
    public const int MaxOfEvent = 1_000;

    /// <summary>Null where there is none, or where it is larger.</summary>
    public static JsonNode? Read(string? payload, int maxCharacters) => payload?.Length > maxCharacters ? null : Parse(payload);

    /// <summary>Payloads are JSON in general; what is not is shown as it stands.</summary>
    private static JsonNode? Parse(string? payload)
    {
        if (string.IsNullOrEmpty(payload))
        {
            return null;
        }
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            return JsonValue.Create(payload);
        }
    }
}
