using System.Text.Json.Serialization;

namespace Serverless.Captures;

public enum CaptureKind
{
    /// <summary>A request that was answered, or that failed.</summary>
    Prediction,

    /// <summary>The same input answered by a second version, off the caller's path.</summary>
    Comparison,

    /// <summary>What became of a prediction, as somebody reported later.</summary>
    Feedback,
}

/// <summary>
/// One captured line. Everything in it is bounded by whoever fills it; none of it is payload unless <see cref="CaptureOptions.Payloads"/>
/// says so.
/// </summary>
public sealed record CaptureRecord
{
    public const string Upload = "upload";

    public required CaptureKind Kind { get; init; }

    /// <summary>Of the prediction; comparisons and feedback carry the id of the prediction that they are about.</summary>
    public required string PredictionId { get; init; }

    /// <summary>When the prediction was answered, the comparison done, the feedback received.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Model { get; init; }

    /// <summary>The version that answered; of a comparison the candidate, wherever it answered.</summary>
    public required int Version { get; init; }

    public required string Environment { get; init; }

    /// <summary>"stable", "canary", "a", "b"; "pinned" where the caller named the version, "forced" where it named the arm.</summary>
    public required string Arm { get; init; }

    /// <summary>Whose input it was: "upload" of an asset that is analysed; null of a caller.</summary>
    public string? Source { get; init; }

    /// <summary>The id of the asset that is analysed; null of a caller's input.</summary>
    public string? Asset { get; init; }

    /// <summary>Which version of the asset; null of a caller's input, and of what was captured before versions were named.</summary>
    public string? AssetVersion { get; init; }

    /// <summary>Of the rollout record that chose the version; 0 where none did.</summary>
    public long Revision { get; init; }

    /// <summary>Of the caller's routing key, 16 hexadecimal digits; null where the caller gave none.</summary>
    public string? KeyHash { get; init; }

    /// <summary>The HTTP status that the caller got, 499 when nobody waited any longer; 0 for comparisons and feedback.</summary>
    public int Status { get; init; }

    /// <summary>Which fault it was ("queueFull", "deadline", "model", …); null when it was answered.</summary>
    public string? Fault { get; init; }

    public CaptureTimes? Times { get; init; }

    public InputSummary? Input { get; init; }

    public OutputSummary? Output { get; init; }

    public ComparisonSummary? Comparison { get; init; }

    public FeedbackSummary? Feedback { get; init; }
}

/// <summary>The five times of a request, in milliseconds; together they are what the server spent on it.</summary>
public sealed record CaptureTimes(double Overhead, double Queue, double Input, double Infer, double Output)
{
    public double Total => Math.Round(Overhead + Queue + Input + Infer + Output, 4);
}

/// <summary>What went in, described.</summary>
/// <param name="Kind">"text", "image", "video" (a keyframe), "pairs" or "tensors".</param>
/// <param name="Items">Texts, images, documents to rank, or rows of the first tensor.</param>
/// <param name="Size">UTF-16 code units of text, bytes of an image, elements of tensors; all items together.</param>
/// <param name="Language">As the caller states it, or null.</param>
/// <param name="Features">
/// Numbers by name, for slices and drift: "length", "words", "unknownTokens", "width", "height", "bytes", ….
/// </param>
/// <param name="Payload">The beginning of the first text, only where payloads are captured by configuration.</param>
/// <param name="Numbers">Parameters that the caller gave beside the input.</param>
/// <param name="Words">The same of those that are no numbers.</param>
/// <param name="Moment">
/// Of a film's keyframe, its place in the film in seconds; null of all else, and of what was captured before moments were named.
/// </param>
public sealed record InputSummary(
    string Kind,
    int Items,
    long Size,
    string? Language = null,
    IReadOnlyDictionary<string, double>? Features = null,
    string? Payload = null,
    IReadOnlyDictionary<string, double>? Numbers = null,
    IReadOnlyDictionary<string, string>? Words = null,
    double? Moment = null
);

/// <summary>What came out, described.</summary>
/// <param name="Task">"embed", "entities", "classify", "rerank", "detect" or "tensors".</param>
/// <param name="Label">Of the first item: its best label, its most frequent entity type, its best document.</param>
/// <param name="Score">Of that label.</param>
/// <param name="Top">The first item's best, highest first.</param>
/// <param name="Count">Entities, boxes, vectors, ranks or output elements; all items together.</param>
/// <param name="Entities">Of the first item, how many of each type.</param>
/// <param name="Entropy">Of the first item's labels, in bits, what they leave of 1 being one label more; null of fewer than 5 labels that
/// do not make 1.</param>
/// <param name="Valid">False where an output is not a finite number, or has none where there must be one.</param>
public sealed record OutputSummary(
    string Task,
    string? Label,
    double? Score,
    IReadOnlyList<ScoredLabel> Top,
    int Count,
    bool Valid,
    EmbeddingSummary? Embedding = null,
    IReadOnlyDictionary<string, int>? Entities = null,
    double? Entropy = null
);

public sealed record ScoredLabel(string Label, double Score);

/// <summary>Statistics of the first vector.</summary>
/// <param name="Values">The vector itself, of the share of predictions that <see cref="CaptureOptions.EmbeddingShare"/> says.</param>
public sealed record EmbeddingSummary(int Dimensions, double Mean, double Deviation, double Norm, IReadOnlyList<float>? Values = null);

/// <summary>Two versions on one input. The candidate is the newcomer, whichever of the two answered the caller.</summary>
/// <param name="Reference">The version that the candidate is held against.</param>
/// <param name="Agrees">Whether the best answer is the same; null where the task has no best answer or one of them failed.</param>
/// <param name="TopOverlap">Share of the best answers in common (Jaccard), 0 to 1.</param>
/// <param name="ScoreShift">Score of the candidate's best answer less the reference's.</param>
/// <param name="Cosine">Of the two vectors.</param>
/// <param name="Fault">The candidate's; null when it answered.</param>
/// <param name="ReferenceFault">The reference's.</param>
public sealed record ComparisonSummary(
    int Reference,
    bool? Agrees,
    double? TopOverlap,
    double? ScoreShift,
    double? Cosine,
    double CandidateMilliseconds,
    double ReferenceMilliseconds,
    string? Fault,
    string? ReferenceFault,
    OutputSummary? CandidateOutput,
    OutputSummary? ReferenceOutput
);

/// <summary>What became of a prediction.</summary>
/// <param name="Value">As the business measures it: 1 and 0 for right and wrong, an amount, a rating.</param>
/// <param name="Label">What the answer should have been.</param>
/// <param name="Sealed">Whether this service gave the id for sure; only such feedback moves a guardrail.</param>
/// <param name="Correct">Whether the label is the one that was answered; null where there is none, or none to compare with.</param>
public sealed record FeedbackSummary(double? Value, string? Label, DateTimeOffset Predicted, bool Sealed = false, bool? Correct = null)
{
    /// <summary>The value, or 1 for the right label and 0 for a wrong one; null where neither says anything.</summary>
    [JsonIgnore]
    public double? Outcome => Value ?? (Correct is { } correct ? Convert.ToDouble(correct) : null);

    /// <summary>Whether the outcome was bad; null where nothing says so.</summary>
    /// <param name="goodFrom">A value below this is a bad one; labels are right or wrong.</param>
    public bool? IsBad(double goodFrom) => Value is { } value ? value < goodFrom : !Correct;
}
