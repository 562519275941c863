using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Documents;

[Description("Times are seconds from the first picture or sound, as players count.")]
public sealed record VideoFindings
{
    [MinLength(1)]
    public required string Container { get; init; }

    /// <summary>Where the pictures end, and the last shot with them.</summary>
    [Range(0, double.MaxValue)]
    public required double DurationSeconds { get; init; }

    [Range(1, int.MaxValue)]
    public required int Width { get; init; }

    [Range(1, int.MaxValue)]
    public required int Height { get; init; }

    [Range(0, double.MaxValue)]
    public required double FrameRate { get; init; }

    [MinLength(1)]
    public required string VideoCodec { get; init; }

    /// <summary>Absent for a silent film.</summary>
    public AudioFinding? Audio { get; init; }

    [MinLength(1)]
    public required IReadOnlyList<ShotFinding> Shots { get; init; }

    /// <summary>The shots with their labels as WebVTT.</summary>
    public required ArtifactFile Captions { get; init; }

    /// <summary>What is said, by track and file of subtitles.</summary>
    public IReadOnlyList<SubtitleFinding> Subtitles { get; init; } = [];

    /// <summary>What could not be read and was left out.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

public sealed record AudioFinding(
    [MinLength(1)] string Codec,
    [Range(0, int.MaxValue)] int SampleRate,
    [Range(0, int.MaxValue)] int Channels
);

public sealed record ShotFinding(
    [Range(0, int.MaxValue)] int Index,
    [Range(0, double.MaxValue)] double StartSeconds,
    [Range(0, double.MaxValue)] double EndSeconds,
    KeyframeFinding Keyframe,
    [MinLength(1)] IReadOnlyList<LabelFinding> Labels,
    [property: Description("In the keyframe, in its own pixels.")] IReadOnlyList<ObjectFinding>? Objects = null
);

/// <summary>The sharpest frame near the middle of its shot.</summary>
/// <param name="Sharpness">Variance of the Laplacian.</param>
public sealed record KeyframeFinding(
    [Range(0, double.MaxValue)] double TimeSeconds,
    [Range(0, double.MaxValue)] double Sharpness,
    ArtifactFile Image
);
