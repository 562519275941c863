using System.Text.Json.Serialization;

namespace Serverless.Validation.Golden;

/// <summary>
/// One line of a golden set: what is asked, what is wanted, and to which slices it belongs. Which members must be there depends on the
/// task (<see cref="GoldenRules"/>); a member that is not known is refused, since it would be a misspelt one.
/// </summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GoldenItem
{
    public required string Id { get; init; }
    public string? Language { get; init; }
    public string? Source { get; init; }
    public string? Kind { get; init; }

    /// <summary>The upload that it was drawn from: once that is erased, the item goes along.</summary>
    public string? Asset { get; init; }

    /// <summary>Of a film's keyframe, its place in the film in seconds.</summary>
    public double? Moment { get; init; }

    /// <summary>What a person says of an item that was drawn; absent of one that somebody wrote.</summary>
    public GoldenReview? Review { get; init; }

    /// <summary>The text, or the query of a retrieval or reranking item.</summary>
    public string? Text { get; init; }

    /// <summary>A picture that was stored before, as "sha256:…".</summary>
    public string? Media { get; init; }

    /// <summary>Numeric inputs of a model that takes raw tensors.</summary>
    public IReadOnlyList<GoldenTensor>? Tensors { get; init; }

    /// <summary>The texts, or of an image embedding the pictures, that are to be put in order.</summary>
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>How well each document answers, 0 for not at all.</summary>
    public IReadOnlyList<double>? Relevance { get; init; }

    public string? Label { get; init; }
    public IReadOnlyList<GoldenSpan>? Entities { get; init; }
    public IReadOnlyList<GoldenBox>? Boxes { get; init; }

    /// <summary>A reference vector, such as the answer of the model before it was made smaller.</summary>
    public IReadOnlyList<float>? Vector { get; init; }
}

/// <summary>Whether an item that was drawn by itself may be judged by.</summary>
public enum GoldenReview
{
    /// <summary>Nobody has looked at it: a set with such an item is not stored.</summary>
    Open,
    Accepted,

    /// <summary>It is left out when the set is stored.</summary>
    Rejected,
}

/// <summary>Start and length count UTF-16 code units of the text.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GoldenSpan(int Start, int Length, string Type);

/// <summary>In pixels of the picture, from its upper left corner.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GoldenBox(double X, double Y, double Width, double Height, string Label);

/// <summary>Row by row, of the datatype that the graph declares.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GoldenTensor(string Name, IReadOnlyList<long> Shape, IReadOnlyList<double> Values);
