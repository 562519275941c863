namespace Serverless.Ingest.Videos;

/// <summary>How videos are analysed.</summary>
public sealed class VideoAnalysisOptions
{
    /// <summary>Film time between two checkpoints, 60 s by default: what a killed worker's successor decodes again at most.</summary>
    public TimeSpan Segment { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Longer side of decoded frames and keyframes in pixels, 320 by default; more where the shorter side would fall below what
    /// the models look at. Beside bare decoding of a 720p film, 448 costs 40 % more processor time and 320 25 %.</summary>
    public int FramePixels { get; set; } = 320;

    /// <summary>Where videos are spooled while they are decoded; the folder of the system for temporary files by default.</summary>
    public string SpoolFolder { get; set; } = Path.Combine(Path.GetTempPath(), "serverless-spool");

    public IEnumerable<string> Validate()
    {
        if (Segment < TimeSpan.FromSeconds(1))
        {
            yield return $"Video:Segment is {Segment}; allowed is 1 second or more.";
        }
        if (FramePixels is < 64 or > 4096)
        {
            yield return $"Video:FramePixels is {FramePixels}; allowed are 64 to 4096.";
        }
    }
}
