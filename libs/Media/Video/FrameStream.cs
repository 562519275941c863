using System.Buffers;
using System.Threading.Channels;
using Serverless.Imaging;

namespace Serverless.Media.Video;

/// <summary>One run of ffmpeg that writes raw frames into a pipe: reads them ahead into pooled buffers, bounded, and pairs each with
/// its timestamp.</summary>
internal sealed class FrameStream : IAsyncDisposable
{
    private readonly BoundedProcess _process;
    private readonly VideoInfo _info;
    private readonly VideoOptions _options;
    private readonly ImageSize _size;
    private readonly DecoderLog _log;
    private readonly Channel<VideoFrame> _frames;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationTokenRegistration _kill;
    private readonly Task _pump,
        _follow;
    private bool _stalled;

    public FrameStream(
        BoundedProcess process,
        DecoderLog log,
        VideoInfo info,
        ImageSize size,
        VideoOptions options,
        CancellationToken cancellationToken
    )
    {
        _process = process;
        _info = info;
        _options = options;
        _log = log;
        _size = size;
        _frames = Channel.CreateBounded<VideoFrame>(
            new BoundedChannelOptions(options.ReadAheadFrames) { SingleReader = true, SingleWriter = true }
        );
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _kill = _stop.Token.Register(process.Kill); // a read of a pipe ends when its writer does
        _follow = _log.FollowAsync(process.Errors, CancellationToken.None);
        _pump = PumpAsync();
    }

    public IAsyncEnumerable<VideoFrame> ReadAllAsync(CancellationToken cancellationToken) => _frames.Reader.ReadAllAsync(cancellationToken);

    /// <summary>What the run amounted to, when all frames have been read.</summary>
    /// <exception cref="MediaRejectedException">The file is damaged, stalled the decoder or went over a limit.</exception>
    public async Task<DecoderLog> EndAsync(CancellationToken cancellationToken)
    {
        await _pump;
        await _follow;
        if (_stalled)
        {
            throw new MediaRejectedException(
                $"The decoder gave no frame for {_options.StallLimit.TotalSeconds:F0} s; allowed are videos that decode steadily "
                    + $"({_log.Errors})."
            );
        }
        if (!await _process.EndAsync(cancellationToken))
        {
            throw new MediaRejectedException(
                $"Found a damaged {_info.MediaType} file ({_log.Errors}); allowed are files that decode to their end."
            );
        }
        return _log;
    }

    public async ValueTask DisposeAsync()
    {
        await _kill.DisposeAsync();
        await _stop.CancelAsync();
        _process.Kill();
        while (_frames.Reader.TryRead(out VideoFrame? frame))
        {
            frame.Dispose();
        }
        await _pump.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _follow.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (_frames.Reader.TryRead(out VideoFrame? frame))
        {
            frame.Dispose();
        }
        await _process.DisposeAsync();
        _stop.Dispose();
    }

    private async Task PumpAsync()
    {
        Exception? failure = null;
        byte[]? buffer = null;
        try
        {
            int size = VideoFrame.SizeInBytes(_size.Width, _size.Height);
            var previous = TimeSpan.Zero;
            using var watchdog = new CancellationTokenSource();
            using CancellationTokenRegistration bite = watchdog.Token.Register(() =>
            {
                _stalled = true;
                _process.Kill();
            });
            for (int count = 0; ; count++)
            {
                if (count == _options.MaxFrames)
                {
                    throw new MediaRejectedException(
                        MediaFault.TooLarge,
                        $"Found a video of more than {_options.MaxFrames:N0} frames; allowed are {_options.MaxFrames:N0}."
                    );
                }

                buffer = ArrayPool<byte>.Shared.Rent(size);
                watchdog.CancelAfter(_options.StallLimit);
                int read = await _process.Output.ReadAtLeastAsync(
                    buffer.AsMemory(0, size),
                    size,
                    throwOnEndOfStream: false,
                    CancellationToken.None
                );
                watchdog.CancelAfter(Timeout.InfiniteTimeSpan);
                if (read < size)
                {
                    break;
                }

                // The log names each frame before it is written; one that it missed follows its predecessor at the usual distance.
                TimeSpan? stamp = await _log.Times.WaitToReadAsync(_stop.Token) && _log.Times.TryRead(out TimeSpan? logged) ? logged : null;
                previous = stamp is { } time ? time - _info.Start : previous + _info.FrameInterval;
                var frame = new VideoFrame(buffer, _size.Width, _size.Height, previous, _info.Matrix);
                buffer = null;
                await WriteAsync(frame);
            }
        }
        catch (Exception e)
        {
            failure = e;
            _process.Kill();
        }
        finally
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
            _frames.Writer.TryComplete(_stop.IsCancellationRequested ? new OperationCanceledException(_stop.Token) : failure);
        }
    }

    private async ValueTask WriteAsync(VideoFrame frame)
    {
        try
        {
            await _frames.Writer.WriteAsync(frame, _stop.Token);
        }
        catch
        {
            frame.Dispose();
            throw;
        }
    }
}
