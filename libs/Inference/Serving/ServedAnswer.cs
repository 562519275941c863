using Serverless.Packages;

namespace Serverless.Inference.Serving;

/// <summary>
/// Where the time of a request went; the five add up to all of it. Of a request in several batches they are those of the item that came
/// last.
/// </summary>
/// <param name="Overhead">What the others leave: checking, handing over between threads, putting the answer together.</param>
/// <param name="Queue">Waiting for the model and for company.</param>
/// <param name="Input">Tokenizing, resizing, filling tensors.</param>
/// <param name="Infer">Inside ONNX Runtime.</param>
/// <param name="Output">From the model's numbers to answers.</param>
public readonly record struct RequestTimes(TimeSpan Overhead, TimeSpan Queue, TimeSpan Input, TimeSpan Infer, TimeSpan Output)
{
    public TimeSpan Total => Overhead + Queue + Input + Infer + Output;

    /// <summary>Of two parts of one request that were answered one after the other.</summary>
    public static RequestTimes operator +(RequestTimes first, RequestTimes second) =>
        new(
            first.Overhead + second.Overhead,
            first.Queue + second.Queue,
            first.Input + second.Input,
            first.Infer + second.Infer,
            first.Output + second.Output
        );
}

/// <summary>An answer with the model that gave it.</summary>
/// <param name="BatchItems">How many items, of whatever requests, shared the run.</param>
/// <param name="Spent">Of the model, by the request's own items: their shares of the runs.</param>
public sealed record ServedAnswer<T>(
    T Value,
    ModelReference Model,
    RequestTimes Times,
    int BatchItems,
    TokenCounts Tokens,
    ModelTime Spent
);

/// <summary>A document by its place in the request.</summary>
public readonly record struct RankedDocument(int Index, float Score);

/// <summary>Something seen: a box in pixels of the image that was given, from its left upper corner, and inside it.</summary>
public readonly record struct DetectedObject(string Label, float Score, float X, float Y, float Width, float Height);

/// <summary>What a caller may change of how boxes are chosen; null keeps what the package says.</summary>
/// <param name="ScoreThreshold">Boxes below are left out; 0 to 1.</param>
/// <param name="OverlapThreshold">Of two boxes of one label whose intersection over union is above, the better stays; 0 to 1.</param>
public sealed record DetectionChoice(float? ScoreThreshold = null, float? OverlapThreshold = null, int? MaxDetections = null);
