using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Storage;

namespace Serverless.Captures;

/// <summary>
/// Takes records without ever waiting, slowing or failing the caller, and writes them in compressed lines to object storage. Bounded: see
/// <see cref="CaptureOptions.MaxPending"/>. One for a process; thread-safe. Writing runs from Start to Stop, which drains.
/// </summary>
public sealed class CaptureWriter : IHostedService, IDisposable
{
    private readonly CaptureOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CaptureWriter> _log;
    private readonly CaptureFiles _files;
    private readonly Channel<Entry> _entries;
    private readonly CaptureCounter[] _counters = [.. Enum.GetValues<CaptureKind>().Select(_ => new CaptureCounter())];
    private readonly CancellationTokenSource _giveUp = new();
    private Task _loop = Task.CompletedTask;

    public CaptureWriter(IObjectStore store, CaptureOptions options, TimeProvider time, ILogger<CaptureWriter> log)
    {
        (_options, _time, _log) = (options, time, log);
        _files = new CaptureFiles(store, options, time, log);
        _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(options.MaxPending) { SingleReader = true });
    }

    /// <summary>False when the record was dropped because too many wait.</summary>
    public bool TryWrite(CaptureRecord record)
    {
        CaptureCounter counter = _counters[(int)record.Kind];
        counter.Request();
        if (!IsSampled(record))
        {
            counter.SampleOut();
            return true;
        }

        if (_entries.Writer.TryWrite(new Entry(record, null)))
        {
            return true;
        }
        counter.Drop();
        return false;
    }

    /// <summary>Whether a prediction's whole vector is to be captured, chosen apart from the predictions that are.</summary>
    public bool TakesVector(PredictionId id) =>
        PredictionHash.IsWithin(PredictionHash.Of(id.ToString(), HashPurpose.Vectors), _options.EmbeddingShare);

    public CaptureCounts CountsOf(CaptureKind kind) => _counters[(int)kind].Snapshot();

    /// <summary>Returns once everything that was taken before is written or counted as failed.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource written = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _entries.Writer.WriteAsync(new Entry(null, written), cancellationToken);
        await written.Task.WaitAsync(cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = RunAsync();
        return Task.CompletedTask;
    }

    /// <summary>Writes what is pending, for as long as <see cref="CaptureOptions.DrainLimit"/> allows; the rest counts as failed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        using CancellationTokenSource limit = new(_options.DrainLimit, _time);
        await using CancellationTokenRegistration late = limit.Token.Register(_giveUp.Cancel);
        await using CancellationTokenRegistration stopped = cancellationToken.Register(_giveUp.Cancel);
        await _loop;
    }

    public void Dispose() => _giveUp.Dispose();

    private async Task RunAsync()
    {
        while (await _entries.Reader.WaitToReadAsync())
        {
            CaptureBatch batch = new(_options.MaxLineBytes);
            await CollectAsync(batch);
            foreach (((string model, int version, _), CaptureDraft draft) in batch.Drafts)
            {
                bool written = await _files.WriteAsync(model, version, draft, _giveUp.Token);
                foreach (CaptureKind kind in Enum.GetValues<CaptureKind>())
                {
                    Settle(_counters[(int)kind], draft.LinesByKind[(int)kind], written);
                }
            }
            batch.Release();
        }
    }

    private static void Settle(CaptureCounter counter, long lines, bool written)
    {
        if (written)
        {
            counter.Capture(lines);
        }
        else
        {
            counter.Fail(lines);
        }
    }

    /// <summary>Until the batch is due, full, or asked for.</summary>
    private async Task CollectAsync(CaptureBatch batch)
    {
        using CancellationTokenSource due = new(_options.FlushInterval, _time);
        DateTimeOffset latest = _time.GetUtcNow() + _options.FlushInterval;
        bool hurried = false;
        try
        {
            while (batch.Bytes < _options.MaxBatchBytes && !batch.IsFull)
            {
                if (!_entries.Reader.TryRead(out Entry entry))
                {
                    if (!await _entries.Reader.WaitToReadAsync(due.Token))
                    {
                        return;
                    }
                    continue;
                }

                if (entry.Record is not { } record)
                {
                    batch.Await(entry.Written!);
                    return;
                }

                Add(batch, record);
                if (hurried || !IsOfRollout(record))
                {
                    continue;
                }
                hurried = true;
                TimeSpan left = latest - _time.GetUtcNow();
                due.CancelAfter(TimeSpan.FromTicks(Math.Clamp(left.Ticks, 0, _options.RolloutFlushInterval.Ticks)));
            }
        }
        catch (OperationCanceledException)
        {
            // It is due.
        }
    }

    private void Add(CaptureBatch batch, CaptureRecord record)
    {
        bool added = false;
        try
        {
            added = batch.TryAdd(record);
            if (!added)
            {
                _log.LineTooLong(record.PredictionId, _options.MaxLineBytes);
            }
        }
        catch (Exception e)
        {
            _log.LineFailed(record.PredictionId, e.Message);
        }
        if (!added)
        {
            _counters[(int)record.Kind].Fail(1);
        }
    }

    private static bool IsOfRollout(CaptureRecord record) =>
        record.Kind == CaptureKind.Comparison || record.Arm is not ("stable" or "pinned" or "forced");

    private bool IsSampled(CaptureRecord record)
    {
        double rate = record.Kind == CaptureKind.Prediction ? _options.RateOf(record.Model) : 1;
        return rate >= 1 || PredictionHash.IsWithin(PredictionHash.Of(record.PredictionId, HashPurpose.Captures), rate);
    }

    private readonly record struct Entry(CaptureRecord? Record, TaskCompletionSource? Written);
}
