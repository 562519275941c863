namespace Serverless.Media.Video;

/// <summary>A file as ffmpeg may open it: the demuxer that its content asks for and no other, no protocol but files, video decoders
/// of a short list. So a playlist or script in disguise opens nothing. Sound, subtitles and data may be of any codec: no more of them is
/// decoded than telling their properties takes.</summary>
internal sealed record FfmpegInput(string Path, string MediaType, string Demuxer, string DemuxerNames)
{
    /// <summary>What cameras, phones, browsers and editors write into the four containers.</summary>
    public static readonly string[] VideoCodecs = (
        "h264 hevc av1 vp8 vp9 mpeg4 mpeg2video mpeg1video h263 mjpeg prores dnxhd theora ffv1 qtrle rpza svq3 cinepak png rawvideo"
    ).Split(' ');

    // Decoders whose names differ from their codecs', and those of cover pictures, which ffprobe opens beside the film.
    private static readonly string[] OtherDecoders = "libdav1d libaom-av1 libvpx libvpx-vp9 bmp gif tiff webp".Split(' ');

    // A stream may begin this late and is still described; the default, 5 MB and 5 s, misses pictures that follow 10 s of sound.
    private const string ProbeBytes = "32000000",
        ProbeMicroseconds = "60000000";

    /// <exception cref="MediaRejectedException">No video of the four containers.</exception>
    public static FfmpegInput Open(string path)
    {
        byte[] head = new byte[MediaSniffer.HeadBytes];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        MediaVerdict verdict = MediaSniffer.Sniff(head.AsSpan(0, read), file.Length);
        if (verdict.Kind != MediaKind.Video)
        {
            throw new MediaRejectedException(MediaFault.Unsupported, verdict.Refusal ?? $"Found {verdict.MediaType}; expected a video.");
        }

        bool matroska = IsMatroska(verdict.MediaType);
        return new FfmpegInput(
            System.IO.Path.GetFullPath(path),
            verdict.MediaType,
            matroska ? "matroska" : "mov",
            matroska ? "matroska,webm" : "mov,mp4,m4a,3gp,3g2,mj2"
        );
    }

    public static bool IsMatroska(string mediaType) => mediaType is "video/webm" or "video/x-matroska";

    /// <summary>Options that stand before the input.</summary>
    public IEnumerable<string> Guards() =>
        [
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            DemuxerNames,
            "-codec_whitelist:v",
            string.Join(',', VideoCodecs.Concat(OtherDecoders)),
            "-max_streams",
            "64",
            "-probesize",
            ProbeBytes,
            "-analyzeduration",
            ProbeMicroseconds,
            "-f",
            Demuxer,
        ];

    /// <summary>The path with its protocol, so that no name is taken for an option or another protocol.</summary>
    public string Url => "file:" + Path;
}
