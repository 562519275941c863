using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// Runs the items of many callers in batches, by cost. One lock guards the queue and what runs; each of the few threads that it owns
/// takes a batch, runs it outside of the lock, and looks again. At idle an item leaves at once, and a short one on its caller's thread.
/// Thread-safe; Dispose stops what waits.
/// </summary>
internal sealed partial class Batcher<T> : IDisposable
{
    /// <summary>
    /// A thread that runs a model serves nobody else meanwhile; up to here that is less than the two changes of threads that it saves are
    /// worth.
    /// </summary>
    private static readonly TimeSpan LongestOnCaller = TimeSpan.FromMilliseconds(20);

    /// <summary>Of who waits for room in the queue.</summary>
    private static readonly TimeSpan RoomPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly BatchLimits _limits;
    private readonly BatchRun<T> _run;
    private readonly TimeProvider _time;
    private readonly ModelMeter _meter;
    private readonly Action<BatchOverrun>? _overran;
    private readonly long _start;
    private readonly ITimer _timer;

    private readonly object _gate = new(); // guards all below, and every BatchRequest
    private readonly RunCosts _runs = new();
    private readonly BatchQueue<T> _queue;
    private readonly List<RunningBatch<T>> _batches = []; // that run
    private int _running;
    private int _runners; // threads
    private int _callersRunning;
    private bool _isStopping;
    private bool _hasOverrun;
    private TimeSpan? _armed;

    /// <param name="overran">Called under the lock once a run has taken longer than it may, before its requests fail; nothing more is
    /// taken.</param>
    public Batcher(BatchLimits limits, BatchRun<T> run, TimeProvider time, ModelMeter meter, Action<BatchOverrun>? overran = null)
    {
        (_limits, _run, _time, _meter, _overran) = (limits, run, time, meter, overran);
        _start = time.GetTimestamp();
        _queue = new BatchQueue<T>(limits, _runs);
        _timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _runners = limits.Runners;
        for (int i = 0; i < limits.Runners; i++)
        {
            new Thread(RunLoop) { IsBackground = true, Name = $"{meter.Model} batches {i}" }.Start();
        }
    }

    /// <summary>The cost of all that waits.</summary>
    public long QueuedCost
    {
        get
        {
            lock (_gate)
            {
                return _queue.Cost;
            }
        }
    }

    /// <summary>Ends when the last of the items has been run. The items are answered, refused, cancelled and late together.</summary>
    /// <exception cref="ServingException">An item is too large, the queue is full, the deadline has passed, or the batcher
    /// stops.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone: nothing of the request runs from then on.</exception>
    public async Task<ItemTimes> RunAsync(IReadOnlyList<BatchItem<T>> items, RequestTerms terms, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckSizes(items);
        if (items.Count == 0)
        {
            return default;
        }
        BatchRequest<T>? request;
        RunningBatch<T>? own;
        while ((request = TryEnqueue(items, terms, out own)) is null)
        {
            await Task.Delay(RoomPause, _time, cancellationToken).ConfigureAwait(false);
        }
        await using CancellationTokenRegistration gone = cancellationToken.UnsafeRegister(
            (_, token) => Settle(request, r => r.Cancel(token)),
            null
        );
        if (own is not null)
        {
            RunOnCaller(own);
        }
        return await request.Completion.ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopping = true;
            Monitor.PulseAll(_gate);
            while (_callersRunning + _runners > 0 && !_hasOverrun && Monitor.Wait(_gate, _limits.StopWithin))
            {
                // another has ended
            }
            foreach (RunningBatch<T> batch in _batches)
            {
                batch.Abandon();
            }
        }
        _timer.Dispose();
    }

    /// <summary>Null where there is no room for who waits for it.</summary>
    /// <param name="own">What of it is for the caller to run.</param>
    private BatchRequest<T>? TryEnqueue(IReadOnlyList<BatchItem<T>> items, RequestTerms terms, out RunningBatch<T>? own)
    {
        TimeSpan? left = terms.Deadline - _time.GetUtcNow();
        lock (_gate)
        {
            TimeSpan now = Now;
            var request = new BatchRequest<T>(items, terms.Priority, now, now + _limits.Patience(terms.Priority), now + left);
            if (_isStopping)
            {
                throw Stopping();
            }
            if (left <= TimeSpan.Zero)
            {
                throw DeadlinePassed(request, now);
            }
            if (!_queue.HasRoom(request.Cost))
            {
                own = null;
                bool mayFit = request.Cost <= _limits.MaxQueueCost;
                return terms.WaitsForRoom && mayFit ? null : throw QueueFull(request.Cost);
            }
            bool isShort = _runs.IsKnown && _runs.Expect(request.Cost) <= LongestOnCaller;
            bool runsHere = isShort && _running == 0 && _queue.IsEmpty;
            _queue.Add(request);
            own = runsHere ? _queue.Take(now, idle: true) : null;
            if (own is not null)
            {
                _callersRunning++;
                Begin(own, now);
            }
            SetTimer();
            if (!_queue.IsEmpty)
            {
                Monitor.Pulse(_gate);
            }
            return request;
        }
    }

    private void RunLoop()
    {
        while (TakeBatch() is { } batch)
        {
            Run(batch);
        }
        lock (_gate)
        {
            _runners--;
            Monitor.PulseAll(_gate);
        }
    }

    private void Begin(RunningBatch<T> batch, TimeSpan now)
    {
        _running++;
        _batches.Add(batch);
        batch.Due = _limits.RunDeadline == Timeout.InfiniteTimeSpan ? null : now + _limits.RunDeadline;
    }

    private void RunOnCaller(RunningBatch<T> batch)
    {
        Run(batch);
        lock (_gate)
        {
            _callersRunning--;
            if (_isStopping)
            {
                Monitor.PulseAll(_gate);
            }
            else if (!_queue.IsEmpty)
            {
                Monitor.Pulse(_gate); // what came meanwhile may leave, now that the model is idle
            }
        }
    }

    private void Run(RunningBatch<T> batch)
    {
        using (batch)
        {
            var faults = new Exception?[batch.Items.Length];
            long began = _time.GetTimestamp();
            ModelTime before = SpendingCounter.OfThread;
            RunTimes times = BatchSplitting.Run<T>(_run, batch.Items.Select(i => i.Item.Work).ToArray(), faults, batch.Abandoned);
            ModelTime spent = SpendingCounter.OfThread - before;
            Finish(batch, faults, times, spent, _time.GetElapsedTime(_start, began), _time.GetElapsedTime(began));
        }
    }

    /// <summary>Waits for a batch to run; null once the batcher stops.</summary>
    private RunningBatch<T>? TakeBatch()
    {
        lock (_gate)
        {
            while (!_isStopping)
            {
                TimeSpan now = Now;
                FailLate(now);
                if (_running < _limits.Runners && _queue.Take(now, _running == 0) is { } batch)
                {
                    Begin(batch, now);
                    SetTimer();
                    if (!_queue.IsEmpty)
                    {
                        Monitor.Pulse(_gate); // another may leave as well
                    }
                    return batch;
                }
                SetTimer();
                Monitor.Wait(_gate);
            }
            FailWaiting();
            return null;
        }
    }

    private void Wake()
    {
        lock (_gate)
        {
            _armed = null;
            TimeSpan now = Now;
            FailLate(now);
            Array.ForEach([.. _batches.Where(b => b.Due <= now)], Stop);
            SetTimer();
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// To the next deadline, or while a thread is free to when a batch may leave. What it is set to already may be earlier: it then wakes
    /// in vain.
    /// </summary>
    private void SetTimer()
    {
        TimeSpan? next = _queue.NextDeadline;
        if (_running > 0 && _running < _limits.Runners && _queue.NextLeave() is { } leave && (next is null || leave < next))
        {
            next = leave;
        }
        foreach (RunningBatch<T> batch in _batches)
        {
            next = batch.Due is { } due && !(next <= due) ? due : next;
        }
        if (next is not { } at || _armed <= at)
        {
            return;
        }
        _armed = at;
        _timer.Change(Max(at - Now, TimeSpan.Zero), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
