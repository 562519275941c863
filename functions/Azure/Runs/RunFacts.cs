using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// What input, output and custom status of one of our runs say to people. Payloads of others say less, never something wrong.
/// </summary>
/// <param name="Stage">Of the custom status: what the run is at.</param>
/// <param name="Outcome">What it came to, in the words of the pipeline; null while it goes on.</param>
/// <param name="Spent">By models, where the custom status says so.</param>
internal sealed partial record RunFacts(string? Stage, string? Outcome, RunSpent? Spent, IReadOnlyList<string> Tags)
{
    /// <summary>A longer payload is not read for facts: what says them are small records.</summary>
    private const int MaxCharacters = 64 << 10;

    private static readonly string[] OutcomeNames = ["verdict", "state", "outcome"];

    public static RunFacts Read(string? input, string? output, string? customStatus, bool hasEnded)
    {
        JsonElement status = Parse(customStatus);
        JsonElement result = hasEnded ? Parse(output) : default;
        string? stage = Text(status, "stage") ?? Text(status, "state");
        string? outcome = OutcomeNames.Select(name => Text(result, name)).FirstOrDefault(text => text is not null)
            ?? Text(status, "outcome");
        return new RunFacts(
            stage,
            hasEnded && outcome is not null ? InWords(outcome) : null,
            SpentOf(Find(status, "spent")),
            [.. TagsOf(Parse(input))]
        );
    }

    /// <summary>These and the run's own; null where there is none.</summary>
    public IReadOnlyList<string>? TagsWith(IEnumerable<KeyValuePair<string, string>> own)
    {
        string[] tags = [.. Tags.Concat(own.Select(tag => RunTag.Of(tag.Key, tag.Value))).Distinct().Take(RunText.MaxTags)];
        return tags.Length > 0 ? tags : null;
    }

    private static IEnumerable<string> TagsOf(JsonElement input)
    {
        JsonElement source = Find(input, "source");
        if (Text(source, "store") is { } store && Text(source, "container") is { } container && Text(source, "key") is { } key)
        {
            yield return RunTag.Of(RunTag.Asset, RunTag.ValueOfAsset(store, container, key));
        }
        JsonElement about = FirstOf(Find(input, "target"), Find(input, "subject"), Find(Find(input, "request"), "subject"), input);
        if (Text(about, "model") is { } model)
        {
            yield return RunTag.Of(RunTag.Model, Text(about, "version") is { } version ? $"{model}/{version}" : model);
        }
        if ((Text(about, "environment") ?? Text(about, "to")) is { } environment)
        {
            yield return RunTag.Of(RunTag.Environment, environment);
        }
    }

    private static RunSpent? SpentOf(JsonElement spent) =>
        Number(spent, "processorSeconds") is { } processor && Number(spent, "gpuSeconds") is { } gpu ? new RunSpent(processor, gpu) : null;

    private static JsonElement FirstOf(params ReadOnlySpan<JsonElement> places)
    {
        foreach (JsonElement place in places)
        {
            if (Text(place, "model") is not null)
            {
                return place;
            }
        }
        return default;
    }

    /// <summary>"NotEnoughData" → "not enough data".</summary>
    private static string InWords(string outcome) => WordBoundary().Replace(outcome, " ").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex WordBoundary();

    /// <summary>A text, or a whole number as one; null for anything else, and for what is not there.</summary>
    private static string? Text(JsonElement within, string name) =>
        Find(within, name) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString() is { Length: > 0 } some
                ? RunText.Excerpt(some, RunText.MaxTagCharacters)
                : null,
            { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
            _ => null,
        };

    private static double? Number(JsonElement within, string name) =>
        Find(within, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double value) ? value : null;

    /// <summary>Orchestrations write their members in either case.</summary>
    private static JsonElement Find(JsonElement within, string name)
    {
        if (within.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in within.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }
        return default;
    }

    private static JsonElement Parse(string? payload)
    {
        if (string.IsNullOrEmpty(payload) || payload.Length > MaxCharacters)
        {
            return default;
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(payload);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
