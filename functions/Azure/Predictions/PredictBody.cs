using System.Text.Json;
using System.Text.Json.Serialization;
using Serverless.Functions.Azure.Http;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>The JSON of a prediction request. One input: text, texts, query with documents, or an asset by id or address.</summary>
/// <param name="Asset">Id of an asset, of which the newest version is read.</param>
/// <param name="Url">Address of an asset of ours: …/api/assets/{id}.</param>
/// <param name="TopN">Of documents, the best so many; all where absent.</param>
/// <param name="Top">Labels of each item; 5 where absent.</param>
/// <param name="Key">Routing key, where no header has one.</param>
/// <param name="Language">Of the input, for captures.</param>
/// <param name="Parameters">Numbers, words and truth values that say something of the input, watched for drift.</param>
internal sealed record PredictBody(
    string? Text,
    IReadOnlyList<string>? Texts,
    string? Query,
    IReadOnlyList<string>? Documents,
    string? Asset,
    string? Url,
    [property: JsonPropertyName("top_n")] int? TopN,
    int? Top,
    [property: JsonPropertyName("score_threshold")] float? ScoreThreshold,
    [property: JsonPropertyName("overlap_threshold")] float? OverlapThreshold,
    [property: JsonPropertyName("max_detections")] int? MaxDetections,
    string? Key,
    string? Language,
    IReadOnlyDictionary<string, JsonElement>? Parameters = null
)
{
    public const int DefaultTop = 5;

    private const int MaxTop = 1_000;
    private const int MaxLanguageCharacters = 35; // BCP 47's advice for implementations (RFC 5646, 4.4.1)

    public static PredictBody Read(ReadOnlyMemory<byte> json, PredictionOptions limits)
    {
        PredictBody body = BodyReader.ParseJson<PredictBody>(json);
        body.Check(limits);
        return body;
    }

    /// <summary>No property, which would be one of the JSON too.</summary>
    public IReadOnlyList<string>? ListTexts() => Text is null ? Texts : [Text];

    public CallParameters ReadParameters() =>
        Parameters is null ? CallParameters.None : CallParameters.Read(Parameters.ToDictionary(pair => pair.Key, ValueOf));

    private static object ValueOf(KeyValuePair<string, JsonElement> parameter) =>
        parameter.Value.ValueKind switch
        {
            JsonValueKind.String => parameter.Value.GetString()!,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when parameter.Value.TryGetDouble(out double number) && double.IsFinite(number) => number,
            var kind => throw RequestProblem.BadRequest(
                $"A value of parameters is a JSON {kind.ToString().ToLowerInvariant()}; allowed are strings, finite numbers and booleans."
            ),
        };

    private void Check(PredictionOptions limits)
    {
        int inputs = new[]
        {
            Text is not null,
            Texts is not null,
            Query is not null || Documents is not null,
            Asset is not null,
            Url is not null,
        }.Count(given => given);
        if (inputs != 1)
        {
            throw RequestProblem.BadRequest(
                $"The request has {inputs} inputs; allowed is one of text, texts, query with documents, asset, url."
            );
        }
        if ((Query is null) != (Documents is null))
        {
            throw RequestProblem.BadRequest("query and documents belong together; one of them is missing.");
        }
        CheckTexts(ListTexts(), "texts", limits);
        CheckTexts(Documents, "documents", limits);
        CheckTexts(Query is null ? null : [Query], "query", limits);
        if (Top is < 1 or > MaxTop)
        {
            throw RequestProblem.BadRequest($"top is {Top}; allowed are 1 to {MaxTop}.");
        }
        if (TopN is < 1)
        {
            throw RequestProblem.BadRequest($"top_n is {TopN}; allowed is 1 or more.");
        }
        if (Language is { Length: 0 or > MaxLanguageCharacters })
        {
            throw RequestProblem.BadRequest($"language has {Language.Length} characters; allowed are 1 to {MaxLanguageCharacters}.");
        }
    }

    private static void CheckTexts(IReadOnlyList<string>? texts, string name, PredictionOptions limits)
    {
        if (texts is null)
        {
            return;
        }
        if (texts.Count == 0)
        {
            throw RequestProblem.BadRequest($"{name} is empty; at least one is needed.");
        }
        if (texts.Count > limits.MaxItems)
        {
            throw RequestProblem.TooLarge($"{name} has {texts.Count} items; allowed are {limits.MaxItems}.");
        }
        for (int i = 0; i < texts.Count; i++)
        {
            if (texts[i].Length > limits.MaxTextCharacters)
            {
                throw RequestProblem.TooLarge(
                    $"{name}[{i}] has {texts[i].Length:N0} characters; allowed are {limits.MaxTextCharacters:N0}."
                );
            }
        }
    }
}
