using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Documents;

[Description("Offsets count UTF-16 code units of the decoded original, before normalisation; ends are exclusive.")]
public sealed record TextFindings
{
    [MinLength(1)]
    public required string Charset { get; init; }

    [Description("ISO 639-1; absent where the text does not say.")]
    [RegularExpression("^[a-z]{2}$")]
    public string? Language { get; init; }

    [Range(0, int.MaxValue)]
    public required int Characters { get; init; }

    [Range(0, int.MaxValue)]
    public required int Words { get; init; }

    [Range(0, int.MaxValue)]
    public required int Lines { get; init; }

    [Range(0, int.MaxValue)]
    public required int Tokens { get; init; }
    public required IReadOnlyList<SentenceSpan> Sentences { get; init; }
    public required IReadOnlyList<PassageFinding> Passages { get; init; }

    /// <summary>Absent of analyses from before there was one.</summary>
    [Description("The text of each passage by its place, as gzipped JSON.")]
    public ArtifactFile? PassageTexts { get; init; }
    public required IReadOnlyList<EntityFinding> Entities { get; init; }

    /// <summary>What the text is about, best first.</summary>
    public IReadOnlyList<LabelFinding> Topics { get; init; } = [];

    /// <summary>What could not be read and was left out.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}

public sealed record SentenceSpan([Range(0, int.MaxValue)] int Start, [Range(0, int.MaxValue)] int End);

/// <summary>Whole sentences that fit one input of the embedding model; its vector carries the same offsets.</summary>
public sealed record PassageFinding(
    [Range(0, int.MaxValue)] int Start,
    [Range(0, int.MaxValue)] int End,
    [Range(1, int.MaxValue)] int Tokens
);

public sealed record EntityFinding(
    [Range(0, int.MaxValue)] int Start,
    [Range(0, int.MaxValue)] int End,
    [MinLength(1)] string Type,
    [MinLength(1)] string Text,
    [Range(0, 1)] float Score,
    [property: Description("Present where several models look for entities.")] string? Model = null
);
