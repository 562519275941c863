using System.Globalization;

namespace Serverless.Media.Video;

/// <summary>Whether a film that was decoded ended where its header says. A last frame that stands long is an end like any other: what is
/// missing shows in the decoder's complaints and in where the last packet ends.</summary>
internal static class FilmEnd
{
    // Headers round, and encoders drop a frame or two.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    /// <summary>When the last packet is shown, and until when.</summary>
    private readonly record struct Packet(TimeSpan Time, TimeSpan End);

    /// <param name="last">Time of the last frame; null where there was none.</param>
    /// <exception cref="MediaRejectedException">Frames are missing at the end.</exception>
    public static async Task CheckAsync(
        FfmpegInput input,
        VideoInfo info,
        DecoderLog log,
        TimeSpan? last,
        VideoOptions options,
        CancellationToken cancellationToken
    )
    {
        if (last is not { } seen)
        {
            throw new MediaRejectedException($"Found a {info.MediaType} file from which no frame could be decoded ({log.Errors}).");
        }
        if (info.Duration is not { } declared || declared - seen <= Slack)
        {
            return;
        }

        Packet packet = await ReadLastPacketAsync(input, info, seen, options, cancellationToken);
        // Matroska leaves out how long a packet is shown; then ffprobe guesses.
        bool endsEarly = !FfmpegInput.IsMatroska(info.MediaType) && info.IsDurationOfPictures && declared - packet.End > Slack;
        if (log.IsTruncated || endsEarly)
        {
            throw new MediaRejectedException(
                $"Found a truncated {info.MediaType} file: it declares {declared.TotalSeconds:F1} s and decodes to "
                    + $"{seen.TotalSeconds:F1} s ({log.Errors})."
            );
        }
        if (packet.Time - seen > Slack)
        {
            throw new MediaRejectedException(
                $"Found a damaged {info.MediaType} file: its pictures reach to {packet.Time.TotalSeconds:F1} s and decode to "
                    + $"{seen.TotalSeconds:F1} s ({log.Errors})."
            );
        }
    }

    private static async Task<Packet> ReadLastPacketAsync(
        FfmpegInput input,
        VideoInfo info,
        TimeSpan after,
        VideoOptions options,
        CancellationToken cancellationToken
    )
    {
        string from = (info.Start + after).TotalSeconds.ToString("F6", CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "-loglevel",
            "quiet",
            .. input.Guards(),
            "-select_streams",
            info.StreamIndex.ToString(CultureInfo.InvariantCulture),
            "-read_intervals",
            from + "%",
            "-show_entries",
            "packet=pts_time,duration_time",
            "-of",
            "csv=p=0",
            "-i",
            input.Url,
        ];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.ProbeLimit);
        await using BoundedProcess process = BoundedProcess.Start(options.Ffprobe, arguments, options.MaxProcessBytes);
        await using CancellationTokenRegistration kill = limit.Token.Register(process.Kill);
        Task errors = process.Errors.CopyToAsync(Stream.Null, CancellationToken.None);
        Packet last = new(after, after);
        await foreach (string line in BoundedLines.ReadAsync(process.Output, CancellationToken.None))
        {
            string[] fields = line.Split(',');
            if (VideoClock.Seconds(fields[0]) is { } timestamp)
            {
                TimeSpan time = timestamp - info.Start,
                    end = time + (fields.Length > 1 ? VideoClock.Seconds(fields[1]) ?? TimeSpan.Zero : TimeSpan.Zero);
                last = new Packet(time > last.Time ? time : last.Time, end > last.End ? end : last.End);
            }
        }
        await errors;
        cancellationToken.ThrowIfCancellationRequested();
        return limit.IsCancellationRequested
            ? throw new MediaRejectedException(
                $"Reading the end of a {info.MediaType} file took longer than {options.ProbeLimit.TotalSeconds:F0} s."
            )
            : last;
    }
}
