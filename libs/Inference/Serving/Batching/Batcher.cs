using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Batching;

/// <summary>
/// Runs the items of many callers in batches, by cost. One lock guards the queue and what runs; each of the few threads that it owns
/// takes a batch, runs it outside of the lock, and looks again. At idle an item leaves at once, and a short one on its caller's thread.
/// Thread-safe; Dispose stops what waits.
/// </summary>
internal sealed class Batcher<T> : IDisposable
{
    /// <summary>A thread that runs a model serves nobody else meanwhile; up to here that is less than the two changes of threads that it saves are worth.</summary>
    private static readonly TimeSpan LongestOnCaller = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly BatchLimits limits;
    private readonly BatchRun<T> run;
    private readonly TimeProvider time;
    private readonly ModelMeter meter;
    private readonly long start;
    private readonly ITimer timer;
    private readonly Thread[] runners;

    private readonly object gate = new(); // guards all below, and every BatchRequest
    private readonly RunCosts runs = new();
    private readonly BatchQueue<T> queue;
    private int running;
    private int callersRunning;
    private bool isStopping;
    private TimeSpan? armed;

    public Batcher(BatchLimits limits, BatchRun<T> run, TimeProvider time, ModelMeter meter)
    {
        (this.limits, this.run, this.time, this.meter) = (limits, run, time, meter);
        start = time.GetTimestamp();
        queue = new BatchQueue<T>(limits, runs);
        timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        runners = [.. Enumerable.Range(0, limits.Runners).Select(i => new Thread(RunLoop) { IsBackground = true, Name = $"{meter.Model} batches {i}" })];
        foreach (Thread runner in runners)
            runner.Start();
    }

    /// <summary>The cost of all that waits.</summary>
    public long QueuedCost
    {
        get
        {
            lock (gate)
                return queue.Cost;
        }
    }

    /// <summary>Ends when the last of the items has been run. The items are answered, refused, cancelled and late together.</summary>
    /// <exception cref="ServingException">An item is too large, the queue is full, the deadline has passed, or the batcher stops.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone: nothing of the request runs from then on.</exception>
    public async Task<ItemTimes> RunAsync(IReadOnlyList<BatchItem<T>> items, RequestTerms terms, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        CheckSizes(items);
        if (items.Count == 0)
            return default;
        BatchRequest<T> request = Enqueue(items, terms, out RunningBatch<T>? own);
        await using CancellationTokenRegistration gone = ct.UnsafeRegister((_, token) => Settle(request, r => r.Cancel(token)), null);
        if (own is not null)
            RunOnCaller(own);
        return await request.Completion.ConfigureAwait(false);
    }

    public void Dispose()
    {
        lock (gate)
        {
            isStopping = true;
            Monitor.PulseAll(gate);
            while (callersRunning > 0)
                Monitor.Wait(gate);
        }
        foreach (Thread runner in runners)
            runner.Join();
        timer.Dispose();
    }

    private void CheckSizes(IReadOnlyList<BatchItem<T>> items)
    {
        for (int i = 0; i < items.Count; i++)
        {
            if (items[i].Cost > limits.MaxCost)
                throw new ServingException(ServingFault.ItemTooLarge,
                    $"Item {i} for model {meter.Model} has {items[i].Cost} {limits.Unit}; at most {limits.MaxCost} are taken.")
                { Found = items[i].Cost, Allowed = limits.MaxCost };
        }
        if (items.Sum(i => i.Cost) is var all && all > limits.MaxQueueCost)
            throw new ServingException(ServingFault.ItemTooLarge,
                $"A request of {items.Count} items for model {meter.Model} has {all} {limits.Unit}; at most {limits.MaxQueueCost} are taken at a time.")
            { Found = all, Allowed = limits.MaxQueueCost };
    }

    /// <param name="own">What of it is for the caller to run.</param>
    private BatchRequest<T> Enqueue(IReadOnlyList<BatchItem<T>> items, RequestTerms terms, out RunningBatch<T>? own)
    {
        TimeSpan? left = terms.Deadline - time.GetUtcNow();
        lock (gate)
        {
            TimeSpan now = Now;
            var request = new BatchRequest<T>(items, terms.Priority, now, now + limits.Patience(terms.Priority), now + left);
            if (isStopping)
                throw Stopping();
            if (left <= TimeSpan.Zero)
                throw DeadlinePassed(request, now);
            if (!queue.HasRoom(request.Cost))
                throw QueueFull(request.Cost);
            bool isShort = runs.IsKnown && runs.Expect(request.Cost) <= LongestOnCaller;
            bool runsHere = isShort && running == 0 && queue.IsEmpty;
            queue.Add(request);
            own = runsHere ? queue.Take(now, idle: true) : null;
            if (own is not null)
                (running, callersRunning) = (running + 1, callersRunning + 1);
            SetTimer();
            if (!queue.IsEmpty)
                Monitor.Pulse(gate);
            return request;
        }
    }

    private void RunLoop()
    {
        while (TakeBatch() is { } batch)
            Run(batch);
    }

    private void RunOnCaller(RunningBatch<T> batch)
    {
        Run(batch);
        lock (gate)
        {
            callersRunning--;
            if (isStopping)
                Monitor.PulseAll(gate);
            else if (!queue.IsEmpty)
                Monitor.Pulse(gate); // what came meanwhile may leave, now that the model is idle
        }
    }

    private void Run(RunningBatch<T> batch)
    {
        using (batch)
        {
            var faults = new Exception?[batch.Items.Length];
            long began = time.GetTimestamp();
            RunTimes times = BatchSplitting.Run<T>(run, batch.Items.Select(i => i.Item.Work).ToArray(), faults, batch.Abandoned);
            Finish(batch, faults, times, time.GetElapsedTime(start, began), time.GetElapsedTime(began));
        }
    }

    /// <summary>Waits for a batch to run; null once the batcher stops.</summary>
    private RunningBatch<T>? TakeBatch()
    {
        lock (gate)
        {
            while (!isStopping)
            {
                TimeSpan now = Now;
                FailLate(now);
                if (running < limits.Runners && queue.Take(now, running == 0) is { } batch)
                {
                    running++;
                    if (!queue.IsEmpty)
                        Monitor.Pulse(gate); // another may leave as well
                    return batch;
                }
                SetTimer();
                Monitor.Wait(gate);
            }
            while (queue.First is { } request)
                SettleLocked(request, r => r.Fail(Stopping()));
            return null;
        }
    }

    private void Finish(RunningBatch<T> batch, Exception?[] faults, RunTimes times, TimeSpan began, TimeSpan lasted)
    {
        meter.BatchLeft(batch.Items.Length, batch.Cost, batch.Reason);
        lock (gate)
        {
            running--;
            runs.Learn(batch.Cost, lasted);
            FailLate(Now);
            for (int i = 0; i < faults.Length; i++)
            {
                BatchRequest<T> request = batch.Items[i].Request;
                batch.Items[i].Batch = null;
                if (request.IsSettled)
                    continue;
                if (faults[i] is { } fault)
                    SettleLocked(request, r => r.Fail(fault));
                else
                    request.Answer(new ItemTimes(began - request.Arrived, times, faults.Length));
                if (request.IsSettled)
                    queue.Remove(request);
            }
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            armed = null;
            FailLate(Now);
            SetTimer();
            Monitor.Pulse(gate);
        }
    }

    private void FailLate(TimeSpan now)
    {
        while (queue.FindLate(now) is { } late)
            SettleLocked(late, r => r.Fail(DeadlinePassed(r, now)));
    }

    private void Settle(BatchRequest<T> request, Action<BatchRequest<T>> settle)
    {
        lock (gate)
        {
            if (!request.IsSettled)
                SettleLocked(request, settle);
        }
    }

    /// <summary>Ends a request early: what waits of it leaves the queue, and a run that nobody else waits for is stopped.</summary>
    private void SettleLocked(BatchRequest<T> request, Action<BatchRequest<T>> settle)
    {
        settle(request);
        queue.Remove(request);
        foreach (QueuedItem<T> item in request.Items)
        {
            if (item.Batch is { } batch && batch.Leave())
                batch.Abandon();
        }
    }

    /// <summary>To the next deadline, or while a thread is free to when a batch may leave. What it is set to already may be earlier: it then wakes in vain.</summary>
    private void SetTimer()
    {
        TimeSpan? next = queue.NextDeadline;
        if (running > 0 && running < limits.Runners && queue.NextLeave() is { } leave && (next is null || leave < next))
            next = leave;
        if (next is not { } at || armed <= at)
            return;
        armed = at;
        timer.Change(Max(at - Now, TimeSpan.Zero), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private ServingException Stopping() => new(ServingFault.Stopping, $"Model {meter.Model} is being unloaded; nothing more is taken.");

    private ServingException DeadlinePassed(BatchRequest<T> request, TimeSpan now) => new(ServingFault.DeadlinePassed,
        $"The deadline of a request of {request.Items.Length} items for model {meter.Model} passed {(now - request.Deadline!.Value).TotalMilliseconds:0} ms ago, {request.Unanswered} unanswered, {(now - request.Arrived).TotalMilliseconds:0} ms after it came.");

    private ServingException QueueFull(long cost)
    {
        TimeSpan wait = runs.Expect(queue.Cost) / limits.Runners;
        return new ServingException(ServingFault.QueueFull,
            $"Model {meter.Model} has {queue.Cost} {limits.Unit} waiting and takes at most {limits.MaxQueueCost}; {cost} more do not fit.")
        {
            RetryAfter = wait > ShortestWait ? wait : ShortestWait,
            Found = queue.Cost + cost,
            Allowed = limits.MaxQueueCost,
        };
    }
}
