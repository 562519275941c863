using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Documents;

[Description("Subtitles or captions of a film: a track inside it, or a file beside it.")]
public sealed record SubtitleFinding
{
    [AllowedValues("track", "sidecar")]
    public required string Source { get; init; }

    [Description("The file beside the film, by its key and its ETag without quotes; absent for a track.")]
    public SidecarVersion? Sidecar { get; init; }

    [Description("A tag of BCP 47; absent where none is told.")]
    [RegularExpression("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    public string? Language { get; init; }

    [MinLength(1)]
    public string? Title { get; init; }

    [MinLength(1)]
    public required string Codec { get; init; }

    [Range(0, int.MaxValue)]
    public required int Cues { get; init; }

    [Description("Parts of up to half a minute; the vector of each carries the same times.")]
    public required IReadOnlyList<SpokenPassage> Passages { get; init; }

    public required IReadOnlyList<SpokenEntity> Entities { get; init; }

    /// <summary>What is spoken about, best first.</summary>
    public required IReadOnlyList<LabelFinding> Topics { get; init; }

    [Description("All cues as WebVTT; absent where there is none.")]
    public ArtifactFile? File { get; init; }

    [Description("The words of the passages, as those of a text; absent where there are none.")]
    public ArtifactFile? PassageTexts { get; init; }
}

public sealed record SidecarVersion([MinLength(1)] string Key, [MinLength(1)] string Version);

public sealed record SpokenPassage(
    [Range(0, double.MaxValue)] double StartSeconds,
    [Range(0, double.MaxValue)] double EndSeconds,
    [Range(1, int.MaxValue)] int Tokens
);

/// <summary>Something named while a cue is shown.</summary>
public sealed record SpokenEntity(
    [Range(0, double.MaxValue)] double StartSeconds,
    [Range(0, double.MaxValue)] double EndSeconds,
    [MinLength(1)] string Type,
    [MinLength(1)] string Text,
    [Range(0, 1)] float Score,
    [property: Description("Present where several models look for entities.")] string? Model = null
);
