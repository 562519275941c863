using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Runs;

/// <summary>
/// Writes entries of runs to the store. Whatever comes while one write is under way goes with the next, so that many turns share one. One
/// for a process; thread-safe. Writing runs from Start to Stop, which writes what is pending.
/// </summary>
public sealed class RunRecorder : IHostedService, IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A tail that was not written for so long is not written again, so that it may be taken over.</summary>
    internal static readonly TimeSpan TailIsWrittenWithin = TimeSpan.FromMinutes(30);

    private readonly IObjectStore _store;
    private readonly RunIndexOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RunRecorder> _log;
    private readonly Channel<Pending> _pending;
    private readonly CancellationTokenSource _stopped = new();
    private readonly RunTail _tail = new();
    private readonly RecentSegments _recent;

    // Tells the objects of this process from those of all others.
    private readonly string _writer;
    private DateTimeOffset? _missedSince;
    private DateTimeOffset _written;
    private long _tails;
    private long _segments;
    private Task _loop = Task.CompletedTask;

    public RunRecorder(IObjectStore store, RunIndexOptions options, TimeProvider time, ILogger<RunRecorder> log)
    {
        (_store, _options, _time, _log) = (store, options, time, log);
        _writer = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
        _recent = new RecentSegments(options.MaxTailBytes);
        _pending = Channel.CreateBounded<Pending>(new BoundedChannelOptions(options.MaxPending) { SingleReader = true });
    }

    /// <summary>Takes an entry without waiting. False where it was dropped, since too many wait.</summary>
    public bool TryRecord(RunEntry entry) => TryAdd(new Pending(entry, null));

    /// <summary>Takes an entry as soon as there is room for it.</summary>
    public ValueTask QueueAsync(RunEntry entry, CancellationToken cancellationToken) =>
        _pending.Writer.WriteAsync(new Pending(entry, null), cancellationToken);

    /// <summary>
    /// Returns once the entry is written, or after <see cref="RunIndexOptions.WaitAtMost"/>: a run does not fail because its entry is late.
    /// </summary>
    public async Task RecordAsync(RunEntry entry, CancellationToken cancellationToken)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!TryAdd(new Pending(entry, written)))
        {
            return;
        }
        try
        {
            await written.Task.WaitAsync(_options.WaitAtMost, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            // It is still written.
        }
    }

    /// <summary>Since when entries have been dropped; null where none was since the last call.</summary>
    public DateTimeOffset? TakeMissedSince()
    {
        DateTimeOffset? missed = _missedSince;
        _missedSince = null;
        return missed;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = RunAsync();
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _pending.Writer.TryComplete();
        await using CancellationTokenRegistration stopped = cancellationToken.Register(_stopped.Cancel);
        await _loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopped.Dispose();

    private bool TryAdd(Pending entry)
    {
        if (_pending.Writer.TryWrite(entry))
        {
            return true;
        }
        _missedSince ??= _time.GetUtcNow();
        _log.EntryDropped(entry.Entry.Id, _options.MaxPending);
        return false;
    }

    private async Task RunAsync()
    {
        List<TaskCompletionSource> waiting = [];
        while (await _pending.Reader.WaitToReadAsync())
        {
            BeginAnotherTailWhereDue();
            while (_tail.Bytes < _options.MaxTailBytes && _pending.Reader.TryRead(out Pending next))
            {
                _tail.Add(next.Entry);
                if (next.Written is { } written)
                {
                    waiting.Add(written);
                }
            }
            if (!await WriteAsync())
            {
                return;
            }
            waiting.ForEach(written => written.TrySetResult());
            waiting.Clear();
        }
    }

    private void BeginAnotherTailWhereDue()
    {
        if (_time.GetUtcNow() - _written > TailIsWrittenWithin)
        {
            _tails++;
            _tail.Clear();
        }
    }

    /// <summary>
    /// A full tail goes as a segment first, so that its entries are always in one of the two. False once the process stops.
    /// </summary>
    private async Task<bool> WriteAsync()
    {
        if (_tail.Bytes >= _options.MaxTailBytes)
        {
            if (!await WriteSegmentAsync())
            {
                return false;
            }
            _tail.Clear();
        }
        _written = _time.GetUtcNow();
        return await PutAsync(RunFiles.TailOf($"{_writer}-{_tails}"), _tail.ToBytes(), RunFiles.TailType);
    }

    private async Task<bool> WriteSegmentAsync()
    {
        string path = RunFiles.SegmentOf(_time.GetUtcNow(), _writer, ++_segments);
        byte[] content = RunFiles.Compress(_tail.Lines);
        if (!await PutAsync(path, content, RunFiles.SegmentType))
        {
            return false;
        }
        _recent.Add(path, content, _tail.Bytes);
        if (!_recent.IsFull)
        {
            return true;
        }
        string merged = RunFiles.MergedOf(RunFiles.FolderOf(_time.GetUtcNow()), $"{_writer}-{_segments:x8}", _recent.Count);
        if (!await PutAsync(merged, _recent.Merge(), RunFiles.SegmentType))
        {
            return false;
        }
        await DeleteAsync(_recent.Replace());
        return true;
    }

    /// <summary>What cannot be deleted is merged again with others, which costs readers some requests until then.</summary>
    private async Task DeleteAsync(IEnumerable<string> paths)
    {
        foreach (string path in paths)
        {
            try
            {
                await _store.DeleteAsync(path, _stopped.Token).WaitAsync(WriteTimeout, _time, _stopped.Token);
            }
            catch (Exception e)
            {
                _log.SegmentStays(path, e.Message);
                return;
            }
        }
    }

    private async Task<bool> PutAsync(string path, byte[] content, string type)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                using CancellationTokenSource limit = new(WriteTimeout, _time);
                using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stopped.Token);
                using MemoryStream body = new(content, writable: false);
                // Nobody else writes these names.
                await _store.WriteAsync(path, body, WriteCondition.Always, type, either.Token);
                return true;
            }
            catch (Exception e) when (!_stopped.IsCancellationRequested)
            {
                _log.TailFailed(path, _tail.Count, e.Message);
                await Task.Delay(pause, _time, _stopped.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e)
            {
                _log.TailFailed(path, _tail.Count, e.Message);
                return false;
            }
        }
    }

    private readonly record struct Pending(RunEntry Entry, TaskCompletionSource? Written);
}
