namespace Serverless.Ingest.Documents;

/// <summary>Times are seconds from the first picture or sound, as players count.</summary>
public sealed record VideoFindings
{
    public required string Container { get; init; }

    /// <summary>Where the pictures end, and the last shot with them.</summary>
    public required double DurationSeconds { get; init; }
    public required int Width { get; init; }
    public required int Height { get; init; }
    public required double FrameRate { get; init; }
    public required string VideoCodec { get; init; }

    /// <summary>Absent for a silent film.</summary>
    public AudioFinding? Audio { get; init; }
    public required IReadOnlyList<ShotFinding> Shots { get; init; }

    /// <summary>The shots with their labels as WebVTT.</summary>
    public required ArtifactFile Captions { get; init; }
}

public sealed record AudioFinding(string Codec, int SampleRate, int Channels);

public sealed record ShotFinding(
    int Index,
    double StartSeconds,
    double EndSeconds,
    KeyframeFinding Keyframe,
    IReadOnlyList<LabelFinding> Labels
);

/// <summary>The sharpest frame near the middle of its shot.</summary>
/// <param name="Sharpness">Variance of the Laplacian.</param>
public sealed record KeyframeFinding(double TimeSeconds, double Sharpness, ArtifactFile Image);
