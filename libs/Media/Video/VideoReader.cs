using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Serverless.Imaging;

namespace Serverless.Media.Video;

/// <summary>Reads films through ffmpeg, as bounded child processes. Thread-safe; each call runs its own process.</summary>
/// <param name="budget">That of the process; where there is none, one of its own of the default size.</param>
public sealed class VideoReader(VideoOptions options, DecodeBudget? budget = null)
{
    // What the largest pictures of a level refer to (6 frames in ITU-T H.265, §A.4.2); each thread holds another.
    private const int DecoderFrames = 6;
    private const int DecoderBytesPerPixel = 3; // 4:2:0 of more than 8 bits, 4:4:4 of 8

    // Reduced frames that shots on their way through the models hold, and what is made of them.
    private const int ConsumerFrames = 140;

    private const int LogReadAhead = 1024;

    private readonly DecodeBudget _budget = budget ?? new DecodeBudget(new DecodingOptions());

    // Seeking goes a little further back than asked, since containers and streams may start at different times.
    private static readonly TimeSpan SeekMargin = TimeSpan.FromSeconds(1);

    /// <exception cref="InvalidOperationException">ffmpeg is missing; the message says how to install it.</exception>
    public async Task EnsureInstalledAsync(CancellationToken cancellationToken)
    {
        foreach (string program in (string[])[options.Ffprobe, options.Ffmpeg])
        {
            await using BoundedProcess process = BoundedProcess.Start(program, ["-version"], options.MaxProcessBytes);
            await Task.WhenAll(
                process.Output.CopyToAsync(Stream.Null, cancellationToken),
                process.Errors.CopyToAsync(Stream.Null, cancellationToken)
            );
            await process.EndAsync(cancellationToken);
        }
    }

    /// <exception cref="MediaRejectedException">No video of the allowed kinds, damaged, or over a limit.</exception>
    public async Task<VideoInfo> ProbeAsync(string path, CancellationToken cancellationToken)
    {
        FfmpegInput input = FfmpegInput.Open(path);
        using JsonDocument document = await Ffprobe.AskAsync(input, VideoProbe.Entries, options, cancellationToken);
        return VideoProbe.Read(document.RootElement, input.MediaType, options);
    }

    /// <summary>Waits until the process has memory for one pass over a film: for its decoder, for the frames that its shots hold on their
    /// way through the models, and for a second decoder where frames are read that an earlier pass has seen.</summary>
    /// <exception cref="MediaRejectedException">It needs more than all that is decoded at once may take.</exception>
    public Task<DecodeBudget.Lease> ReserveAsync(VideoInfo info, int maxSide, bool resumed, CancellationToken cancellationToken)
    {
        ImageSize size = Fit(info, maxSide);
        long decoder = (DecoderFrames + options.DecoderThreads) * DecoderBytesPerPixel * info.CodedPixels,
            once = decoder + (options.ReadAheadFrames + ConsumerFrames) * (long)VideoFrame.SizeInBytes(size.Width, size.Height),
            twice = Math.Max(once, Math.Min(_budget.Total, once + decoder)); // what was begun once is not refused now
        string found = $"a video of {info.Width:N0}x{info.Height:N0} pixels";
        return _budget.AdmitAsync(found, resumed ? twice : once, cancellationToken);
    }

    /// <summary>Decodes all frames after a time, reduced so that they fit a square of <paramref name="maxSide"/>. The consumer disposes
    /// each frame; leaving the loop ends the decoder. Reserve memory before.</summary>
    /// <exception cref="MediaRejectedException">Damaged, truncated, or over a limit; thrown when that is known, perhaps after many
    /// frames.</exception>
    public async IAsyncEnumerable<VideoFrame> ReadFramesAsync(
        string path,
        VideoInfo info,
        TimeSpan? after,
        int maxSide,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        FfmpegInput input = FfmpegInput.Open(path);
        ImageSize size = Fit(info, maxSide);
        BoundedProcess process = BoundedProcess.Start(options.Ffmpeg, Arguments(input, info, after, size), options.MaxProcessBytes);
        await using var stream = new FrameStream(process, new DecoderLog(input, LogReadAhead), info, size, options, cancellationToken);
        TimeSpan? last = null;
        await foreach (VideoFrame frame in stream.ReadAllAsync(cancellationToken))
        {
            if (frame.Time <= after)
            {
                frame.Dispose();
                continue;
            }

            last = frame.Time;
            yield return frame;
        }

        DecoderLog log = await stream.EndAsync(cancellationToken);
        await FilmEnd.CheckAsync(input, info, log, last ?? after, options, cancellationToken);
    }

    /// <summary>Decodes the first frame at or after a time; null when there is none.</summary>
    public async Task<VideoFrame?> ReadFrameAsync(
        string path,
        VideoInfo info,
        TimeSpan time,
        int maxSide,
        CancellationToken cancellationToken
    )
    {
        await foreach (VideoFrame frame in ReadFramesAsync(path, info, time - TimeSpan.FromTicks(1), maxSide, cancellationToken))
        {
            return frame;
        }
        return null;
    }

    private string[] Arguments(FfmpegInput input, VideoInfo info, TimeSpan? after, ImageSize size)
    {
        TimeSpan seek = (after ?? TimeSpan.Zero) - SeekMargin;
        string[] position = seek > TimeSpan.Zero ? ["-ss", seek.TotalSeconds.ToString("F6", CultureInfo.InvariantCulture)] : [];
        return
        [
            "-hide_banner",
            "-nostdin",
            "-nostats",
            "-loglevel",
            "level+info",
            "-max_alloc",
            (options.MaxProcessBytes / 2).ToString(CultureInfo.InvariantCulture),
            "-filter_threads",
            "1",
            "-threads",
            options.DecoderThreads.ToString(CultureInfo.InvariantCulture),
            .. input.Guards(),
            .. position,
            "-copyts",
            "-i",
            input.Url,
            "-map",
            $"0:{info.StreamIndex}",
            "-an",
            "-sn",
            "-dn",
            "-fps_mode",
            "passthrough",
            "-vf",
            $"scale={size.Width}:{size.Height}:flags=area:out_range=tv,format=yuv420p,showinfo=checksum=0",
            "-f",
            "rawvideo",
            "pipe:1",
        ];
    }

    private static ImageSize Fit(VideoInfo info, int maxSide)
    {
        double scale = Math.Min(1, (double)maxSide / Math.Max(info.Width, info.Height));
        int Even(int side) => Math.Max(2, (int)Math.Round(side * scale / 2) * 2);
        return new ImageSize(Even(info.Width), Even(info.Height));
    }
}
