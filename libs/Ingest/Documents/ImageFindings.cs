namespace Serverless.Ingest.Documents;

/// <summary>Dimensions are those a viewer sees, after the EXIF rotation.</summary>
public sealed record ImageFindings
{
    public required int Width { get; init; }
    public required int Height { get; init; }

    /// <summary>More than one for an animation, whose first frame was analysed.</summary>
    public required int Frames { get; init; }

    /// <summary>64 bits as 16 hexadecimal digits; pictures that look alike differ in few bits.</summary>
    public required string PerceptualHash { get; init; }
    public required IReadOnlyList<LabelFinding> Labels { get; init; }
    public required ArtifactFile Thumbnail { get; init; }
}
