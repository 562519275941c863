namespace Serverless.Media.Video;

/// <summary>A file as ffmpeg may open it: the demuxer that its content asks for and no other, no protocol but files, decoders of a
/// short list. So a playlist or script in disguise opens nothing.</summary>
internal sealed record FfmpegInput(string Path, string MediaType, string Demuxer, string DemuxerNames)
{
    // What cameras, phones, browsers and editors write into the four containers.
    public const string VideoCodecs =
        "h264,hevc,av1,libdav1d,libaom-av1,vp8,libvpx,vp9,libvpx-vp9,mpeg4,mpeg2video,mpeg1video,"
        + "h263,mjpeg,prores,dnxhd,theora,ffv1,qtrle,rpza,svq3,cinepak,png,rawvideo";

    private const string AudioCodecs =
        "aac,mp3,mp3float,opus,libopus,vorbis,libvorbis,flac,ac3,eac3,alac,"
        + "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_f32le,pcm_u8,amrnb,amrwb,mp2,mp2float";

    /// <exception cref="MediaRejectedException">No video of the four containers.</exception>
    public static FfmpegInput Open(string path)
    {
        byte[] head = new byte[MediaSniffer.HeadBytes];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        MediaVerdict verdict = MediaSniffer.Sniff(head.AsSpan(0, read), file.Length);
        if (verdict.Kind != MediaKind.Video)
        {
            throw new MediaRejectedException(verdict.Refusal ?? $"Found {verdict.MediaType}; expected a video.");
        }

        bool matroska = verdict.MediaType is "video/webm" or "video/x-matroska";
        return new FfmpegInput(
            System.IO.Path.GetFullPath(path),
            verdict.MediaType,
            matroska ? "matroska" : "mov",
            matroska ? "matroska,webm" : "mov,mp4,m4a,3gp,3g2,mj2"
        );
    }

    /// <summary>Options that stand before the input.</summary>
    public IEnumerable<string> Guards() =>
        [
            "-protocol_whitelist",
            "file",
            "-format_whitelist",
            DemuxerNames,
            "-codec_whitelist",
            VideoCodecs + "," + AudioCodecs,
            "-max_streams",
            "64",
            "-f",
            Demuxer,
        ];

    /// <summary>The path with its protocol, so that no name is taken for an option or another protocol.</summary>
    public string Url => "file:" + Path;
}
