using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Documents;

/// <summary>Dimensions are those a viewer sees, after the EXIF rotation.</summary>
public sealed record ImageFindings
{
    [Range(1, int.MaxValue)]
    public required int Width { get; init; }

    [Range(1, int.MaxValue)]
    public required int Height { get; init; }

    /// <summary>More than one for an animation, whose first frame was analysed.</summary>
    [Range(1, int.MaxValue)]
    public required int Frames { get; init; }

    /// <summary>64 bits as 16 hexadecimal digits; pictures that look alike differ in few bits.</summary>
    [RegularExpression("^[0-9a-f]{16}$")]
    public required string PerceptualHash { get; init; }

    [MinLength(1)]
    public required IReadOnlyList<LabelFinding> Labels { get; init; }

    /// <summary>What is where, in pixels as a viewer sees them, best first.</summary>
    public IReadOnlyList<ObjectFinding> Objects { get; init; } = [];
    public required ArtifactFile Thumbnail { get; init; }
}
