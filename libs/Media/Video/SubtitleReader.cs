using System.Globalization;
using System.Text.Json;

namespace Serverless.Media.Video;

/// <summary>
/// Reads subtitles through ffmpeg, as bounded child processes: tracks inside films, and files beside them. Every format becomes plain lines
/// with times. Thread-safe; each call runs its own process.
/// </summary>
public sealed class SubtitleReader(VideoOptions options)
{
    private const string Entries =
        $"format_tags={FilmTags.Names}:stream=index,codec_type,codec_name:stream_tags=language,title:stream_disposition=attached_pic";

    private const int MaxTitle = 200;

    /// <exception cref="MediaRejectedException">The header cannot be read within the limits.</exception>
    public async Task<FilmExtras> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        using JsonDocument answer = await Ffprobe.AskAsync(FfmpegInput.Open(path), Entries, options, cancellationToken);
        List<SubtitleTrack> tracks = [];
        Dictionary<string, string> tags = [];
        if (answer.RootElement.TryGetProperty("streams", out JsonElement streams))
        {
            tracks.AddRange(streams.EnumerateArray().Where(stream => VideoProbe.Text(stream, "codec_type") == "subtitle").Select(TrackOf));
        }
        if (answer.RootElement.TryGetProperty("format", out JsonElement format) && format.TryGetProperty("tags", out JsonElement told))
        {
            foreach (JsonProperty tag in told.EnumerateObject().Where(tag => tag.Value.ValueKind == JsonValueKind.String))
            {
                tags.TryAdd(tag.Name.ToLowerInvariant(), tag.Value.GetString()!);
            }
        }
        return new FilmExtras(tracks, tags);
    }

    /// <summary>A track of text inside a film.</summary>
    /// <param name="end">Of the film; cues are cut to it.</param>
    /// <exception cref="MediaRejectedException">It cannot be read.</exception>
    public Task<SubtitleText> ReadTrackAsync(
        string path,
        SubtitleTrack track,
        VideoInfo info,
        TimeSpan end,
        CancellationToken cancellationToken
    )
    {
        FfmpegInput input = FfmpegInput.Open(path);
        string[] arguments = [.. input.Guards(), "-copyts", "-i", input.Url];
        return ReadAsync(input, arguments, track.StreamIndex, new CueBuilder(info.Start, end), cancellationToken);
    }

    /// <summary>A file of subtitles in UTF-8, whose size the caller has bounded.</summary>
    /// <exception cref="MediaRejectedException">It cannot be read.</exception>
    public Task<SubtitleText> ReadFileAsync(string path, bool isWebVtt, TimeSpan end, CancellationToken cancellationToken)
    {
        string demuxer = isWebVtt ? "webvtt" : "srt";
        FfmpegInput input = new(Path.GetFullPath(path), isWebVtt ? "text/vtt" : "application/x-subrip", demuxer, demuxer);
        string[] arguments = ["-protocol_whitelist", "file", "-format_whitelist", demuxer, "-f", demuxer, "-i", input.Url];
        return ReadAsync(input, arguments, streamIndex: 0, new CueBuilder(TimeSpan.Zero, end), cancellationToken);
    }

    private async Task<SubtitleText> ReadAsync(
        FfmpegInput input,
        string[] source,
        int streamIndex,
        CueBuilder cues,
        CancellationToken cancellationToken
    )
    {
        string[] arguments =
        [
            "-hide_banner",
            "-nostdin",
            "-nostats",
            "-loglevel",
            "level+error",
            "-max_alloc",
            (options.MaxProcessBytes / 2).ToString(CultureInfo.InvariantCulture),
            .. source,
            "-map",
            $"0:{streamIndex}",
            "-c:s",
            "text", // without italics, colours and places
            "-f",
            "srt",
            "pipe:1",
        ];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.SubtitleLimit);
        await using BoundedProcess process = BoundedProcess.Start(options.Ffmpeg, arguments, options.MaxProcessBytes);
        await using CancellationTokenRegistration kill = limit.Token.Register(process.Kill);
        var log = new DecoderLog(input, 1);
        Task follow = log.FollowAsync(process.Errors, CancellationToken.None);
        await foreach (string line in BoundedLines.ReadAsync(process.Output, CancellationToken.None, CueBuilder.MaxLineBytes))
        {
            if (!cues.Add(line))
            {
                process.Kill();
                break;
            }
        }
        await follow;
        if (cues.IsFull)
        {
            return cues.Build();
        }
        cancellationToken.ThrowIfCancellationRequested();
        if (limit.IsCancellationRequested)
        {
            return cues.Build($"Reading took longer than {options.SubtitleLimit.TotalSeconds:F0} s; what follows was left out.");
        }
        return await process.EndAsync(cancellationToken)
            ? cues.Build()
            : throw new MediaRejectedException($"Found damaged {input.MediaType} subtitles ({log.Errors}).");
    }

    private static SubtitleTrack TrackOf(JsonElement stream)
    {
        JsonElement tags = stream.TryGetProperty("tags", out JsonElement told) ? told : default;
        bool hasTags = tags.ValueKind == JsonValueKind.Object;
        return new SubtitleTrack(
            VideoProbe.Number(stream, "index"),
            VideoProbe.Text(stream, "codec_name") ?? "unknown",
            hasTags ? LanguageTag.Of(VideoProbe.Text(tags, "language")) : null,
            hasTags ? ShortText.Of(VideoProbe.Text(tags, "title"), MaxTitle) : null
        );
    }
}
