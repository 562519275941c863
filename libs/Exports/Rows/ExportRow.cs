namespace Serverless.Exports.Rows;

/// <summary>One prediction as it goes into the file, without what feedback says of it.</summary>
/// <param name="Text">Masked already, where masking was asked for.</param>
/// <param name="AssetVersion">Null of what was captured before versions were named.</param>
/// <param name="Kind">Of the input: "text", "image", "video" (a keyframe), "pairs" or "tensors".</param>
/// <param name="Entities">How many of each type.</param>
/// <param name="Moment">Of a keyframe, its place in the film in seconds; null of what was captured before moments were named.</param>
internal sealed record ExportRow(
    string Id,
    DateTimeOffset Time,
    string Arm,
    string Source,
    string? Asset,
    string? AssetVersion,
    string? Kind,
    int? Items,
    long? Size,
    string? Language,
    string? Text,
    IReadOnlyDictionary<string, double> Features,
    string? Task,
    string? Label,
    double? Score,
    double? Entropy,
    int? Count,
    IReadOnlyDictionary<string, int> Entities,
    float[]? Vector,
    double? Moment = null
);

/// <summary>What became of a prediction, as was reported last.</summary>
internal sealed record ReportedRow(string Id, DateTimeOffset Time, string? Label, double? Value, bool? Correct);

/// <summary>A row, what was reported of it, and what the analysis of its upload says.</summary>
internal sealed record JoinedRow(ExportRow Row, ReportedRow? Report, AssetFacts? Facts = null)
{
    /// <summary>What the answer should have been; null where nobody said.</summary>
    public string? Target => Report?.Label ?? (Report?.Correct == true ? Row.Label : null);
}
