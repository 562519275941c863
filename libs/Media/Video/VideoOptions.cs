using System.ComponentModel.DataAnnotations;

namespace Serverless.Media.Video;

public sealed class VideoOptions
{
    /// <summary>The program ffmpeg, default as found on the path; 5.1 or later.</summary>
    [Required]
    public string Ffmpeg { get; set; } = "ffmpeg";

    /// <summary>The program ffprobe, default as found on the path.</summary>
    [Required]
    public string Ffprobe { get; set; } = "ffprobe";

    /// <summary>Threads of one decoder, default 2. More decode one film faster, and hold one picture more each.</summary>
    [Range(1, 64)]
    public int DecoderThreads { get; set; } = 2;

    /// <summary>Most pixels of a frame, default 36 million: 8K.</summary>
    [Range(1, 268_000_000)]
    public long MaxPixels { get; set; } = 36_000_000;

    /// <summary>Longest film, default 12 hours.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Most frames of a film, default 3 million: 12 hours at 60 a second and a reserve.</summary>
    [Range(1, int.MaxValue)]
    public int MaxFrames { get; set; } = 3_000_000;

    /// <summary>Address space of one ffmpeg process, default 3 GiB. 8K with two threads needs about 1.5 GiB.</summary>
    [Range(256L * 1024 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxProcessBytes { get; set; } = 3L * 1024 * 1024 * 1024;

    /// <summary>How long reading the header may take, default 30 seconds.</summary>
    public TimeSpan ProbeLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the decoder may work without giving a frame, default 60 seconds.</summary>
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long reading one track of subtitles may take, default 2 minutes; a Matroska file is read to its end for each. What was read by
    /// then is kept.
    /// </summary>
    public TimeSpan SubtitleLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Frames decoded ahead of the consumer, default 8: enough to bridge one batch of inference; at 320x180 they take 0.7 MB.
    /// </summary>
    [Range(1, 1024)]
    public int ReadAheadFrames { get; set; } = 8;
}
