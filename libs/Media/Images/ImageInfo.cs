namespace Serverless.Media.Images;

/// <summary>What the header says, within limits. Width and height are as a viewer sees them, after the EXIF rotation.</summary>
public sealed record ImageInfo(string MediaType, int Width, int Height, int Frames, bool HasAlpha);
