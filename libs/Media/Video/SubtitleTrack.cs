namespace Serverless.Media.Video;

/// <summary>A track of subtitles inside a film, as its header tells of it.</summary>
/// <param name="StreamIndex">Which stream of the file it is.</param>
/// <param name="Language">A tag of BCP 47; null where none is told.</param>
public sealed record SubtitleTrack(int StreamIndex, string Codec, string? Language, string? Title)
{
    /// <summary>Codecs whose cues are characters; those of others are pictures, teletext or commands.</summary>
    private static readonly string[] TextCodecs = ["subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"];

    public bool IsText => TextCodecs.Contains(Codec);
}

/// <summary>What a film carries beside pictures and sound.</summary>
/// <param name="Tags">Of the container, by name in lower case.</param>
public sealed record FilmExtras(IReadOnlyList<SubtitleTrack> Tracks, IReadOnlyDictionary<string, string> Tags);

/// <summary>Cues in the order of their starts, each with text and within the film.</summary>
/// <param name="Warnings">What was left out, and why.</param>
public sealed record SubtitleText(IReadOnlyList<WebVttCue> Cues, IReadOnlyList<string> Warnings);
