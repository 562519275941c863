using System.Buffers;
using System.Threading.Channels;

namespace Serverless.Media.Video;

/// <summary>One run of ffmpeg that writes raw frames into a pipe: reads them ahead into pooled buffers, bounded, and pairs each with
/// its timestamp.</summary>
internal sealed class FrameStream : IAsyncDisposable
{
    private const int LogReadAhead = 1024;

    private readonly BoundedProcess process;
    private readonly VideoInfo info;
    private readonly VideoOptions options;
    private readonly int width, height;
    private readonly DecoderLog log = new(LogReadAhead);
    private readonly Channel<VideoFrame> frames;
    private readonly CancellationTokenSource stop;
    private readonly CancellationTokenRegistration kill;
    private readonly Task pump, follow;
    private bool stalled;

    public FrameStream(BoundedProcess process, VideoInfo info, int width, int height, VideoOptions options, CancellationToken cancellation)
    {
        this.process = process;
        this.info = info;
        this.options = options;
        this.width = width;
        this.height = height;
        frames = Channel.CreateBounded<VideoFrame>(new BoundedChannelOptions(options.ReadAheadFrames) { SingleReader = true, SingleWriter = true });
        stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        kill = stop.Token.Register(process.Kill); // a read of a pipe ends when its writer does
        follow = log.FollowAsync(process.Errors, CancellationToken.None);
        pump = PumpAsync();
    }

    public IAsyncEnumerable<VideoFrame> ReadAllAsync(CancellationToken cancellation) => frames.Reader.ReadAllAsync(cancellation);

    /// <summary>What the run amounted to, when all frames have been read.</summary>
    /// <exception cref="MediaRejectedException">The file is damaged, stalled the decoder or went over a limit.</exception>
    public async Task<DecoderLog> EndAsync(CancellationToken cancellation)
    {
        await pump;
        await follow;
        if (stalled) throw new MediaRejectedException($"The decoder gave no frame for {options.StallLimit.TotalSeconds:F0} s; allowed are videos that decode steadily ({log.Errors}).");
        if (!await process.EndAsync(cancellation)) throw new MediaRejectedException($"Found a damaged {info.MediaType} file ({log.Errors}); allowed are files that decode to their end.");
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        await kill.DisposeAsync();
        await stop.CancelAsync();
        process.Kill();
        while (frames.Reader.TryRead(out VideoFrame? frame)) frame.Dispose();
        await pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (frames.Reader.TryRead(out VideoFrame? frame)) frame.Dispose();
        await process.DisposeAsync();
        stop.Dispose();
    }

    private async Task PumpAsync()
    {
        Exception? failure = null;
        byte[]? buffer = null;
        try
        {
            int size = VideoFrame.SizeInBytes(width, height);
            var previous = TimeSpan.Zero;
            using var watchdog = new CancellationTokenSource();
            using CancellationTokenRegistration bite = watchdog.Token.Register(() => { stalled = true; process.Kill(); });
            for (int count = 0; ; count++)
            {
                if (count == options.MaxFrames) throw new MediaRejectedException($"Found a video of more than {options.MaxFrames:N0} frames; allowed are {options.MaxFrames:N0}.");

                buffer = ArrayPool<byte>.Shared.Rent(size);
                watchdog.CancelAfter(options.StallLimit);
                int read = await process.Output.ReadAtLeastAsync(buffer.AsMemory(0, size), size, throwOnEndOfStream: false, CancellationToken.None);
                watchdog.CancelAfter(Timeout.InfiniteTimeSpan);
                if (read < size) break;

                // The log names each frame before it is written; one that it missed follows its predecessor at the usual distance.
                TimeSpan? stamp = await log.Times.WaitToReadAsync(stop.Token) && log.Times.TryRead(out TimeSpan? logged) ? logged : null;
                previous = stamp is { } time ? time - info.Start : previous + TimeSpan.FromSeconds(1 / Math.Max(info.FrameRate, 1));
                var frame = new VideoFrame(buffer, width, height, previous, info.Matrix);
                buffer = null;
                await WriteAsync(frame);
            }
        }
        catch (Exception e)
        {
            failure = e;
            process.Kill();
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
            frames.Writer.TryComplete(stop.IsCancellationRequested ? new OperationCanceledException(stop.Token) : failure);
        }
    }

    private async ValueTask WriteAsync(VideoFrame frame)
    {
        try
        {
            await frames.Writer.WriteAsync(frame, stop.Token);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
