using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

public sealed class BatcherTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly ServingClock clock = new();
    private readonly ServingMeter meter = new();
    private readonly ConcurrentQueue<int[]> ran = new();
    private readonly ConcurrentQueue<string> reasons = new();
    private readonly SemaphoreSlim may = new(0); // a run waits for it
    private readonly SemaphoreSlim runs = new(0); // released as a run begins
    private readonly MeterListener listener = new();
    private readonly List<Batcher<int>> batchers = [];

    public BatcherTests()
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "serving.batches")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            if (named["model"] as string == "test") // other tests' servers are heard too
                reasons.Enqueue($"{named["reason"]}");
        });
    }

    [Fact]
    public async Task Idle_ASingleItem_LeavesAtOnce()
    {
        Batcher<int> batcher = Start(free: true);

        await batcher.RunAsync([Item(1)], default, Ct); // the clock stands still: nothing was waited for

        Assert.Equal([1], Assert.Single(ran));
    }

    /// <summary>Once it is known to be short, a run at idle happens on its caller's thread; what comes meanwhile is batched as ever, also by the caller's end.</summary>
    [Fact]
    public async Task Idle_AShortRun_StaysOnItsCallersThread_AndIsWaitedForAtTheEnd()
    {
        List<int> threads = [];
        var batcher = new Batcher<int>(Limits(1), (work, faults, _) =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            ran.Enqueue(work.ToArray());
            runs.Release();
            may.Wait(Ct);
            clock.Advance(TimeSpan.FromMilliseconds(1) * work.Length);
            faults.Span.Clear();
            return default;
        }, clock, Meter());
        may.Release();
        await batcher.RunAsync([Item(0)], default, Ct); // nobody knows yet how long it takes
        await runs.WaitAsync(Ct);

        var caller = new Thread(() => batcher.RunAsync([Item(1)], default, Ct).GetAwaiter().GetResult());
        caller.Start();
        await runs.WaitAsync(Ct);
        Task<ItemTimes> second = batcher.RunAsync([Item(2)], default, Ct), third = batcher.RunAsync([Item(3)], default, Ct);
        may.Release(2);
        await Task.WhenAll(second, third);
        var last = new Thread(() => batcher.RunAsync([Item(4)], default, Ct).GetAwaiter().GetResult());
        await runs.WaitAsync(Ct);
        last.Start();
        await runs.WaitAsync(Ct);
        Task end = Task.Run(batcher.Dispose, Ct);
        may.Release();
        await end;

        Assert.Equal<int[]>([[0], [1], [2, 3], [4]], ran);
        Assert.Equal([caller.ManagedThreadId, last.ManagedThreadId], [threads[1], threads[3]]);
        Assert.Equal(threads[0], threads[2]);
    }

    [Fact]
    public async Task Idle_ALongRun_LeavesItsCallersThread()
    {
        Batcher<int> batcher = Start();
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        clock.Advance(TimeSpan.FromMilliseconds(21));
        may.Release();
        await first;

        Task second = batcher.RunAsync([Item(1)], default, Ct); // would not return
        may.Release();
        await second;

        Assert.Equal<int[]>([[0], [1]], ran);
    }

    [Fact]
    public async Task Busy_ItemsOfManyCallers_LeaveTogether_InTheirOrder()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);

        Task second = batcher.RunAsync([Item(1), Item(2)], default, Ct), third = batcher.RunAsync([Item(3)], default, Ct);
        may.Release(2);
        await Task.WhenAll(first, second, third);

        Assert.Equal<int[]>([[0], [1, 2, 3]], ran);
    }

    [Fact]
    public async Task Busy_WhereABatchTakesWhatItsItemsTake_EachRunsAlone()
    {
        var batcher = new Batcher<int>(Limits(1), (work, faults, _) =>
        {
            ran.Enqueue(work.ToArray());
            runs.Release();
            may.Wait(Ct);
            clock.Advance(TimeSpan.FromMilliseconds(100) * work.Span[0]); // its own cost, see below
            faults.Span.Clear();
            return default;
        }, clock, Meter());
        batchers.Add(batcher);
        may.Release(2);
        await batcher.RunAsync([Item(1, cost: 1)], default, Ct);
        await batcher.RunAsync([Item(4, cost: 4)], default, Ct);
        Task first = batcher.RunAsync([Item(3, cost: 3)], default, Ct);
        for (int i = 0; i < 3; i++)
            await runs.WaitAsync(Ct);

        Task second = batcher.RunAsync([Item(2, cost: 2), Item(1, cost: 1)], default, Ct);
        may.Release(3);
        await Task.WhenAll(first, second);

        Assert.Equal<int[]>([[1], [4], [3], [2], [1]], ran);
    }

    [Fact]
    public async Task Delay_SendsACompanionlessItem_ToTheSecondRunner()
    {
        Batcher<int> batcher = Start();
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        Task second = batcher.RunAsync([Item(1)], default, Ct);
        Assert.Single(ran);

        clock.Advance(TimeSpan.FromMilliseconds(5));
        await runs.WaitAsync(Ct);
        may.Release(2);
        await Task.WhenAll(first, second);

        Assert.Equal<int[]>([[0], [1]], ran);
    }

    [Fact]
    public async Task Deadline_ThatPassesWhileWaiting_Fails_AndNothingOfItRuns()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        Task<ItemTimes> late = batcher.RunAsync([Item(1), Item(2)], In(milliseconds: 30), Ct);

        clock.Advance(TimeSpan.FromMilliseconds(31));
        var error = await Assert.ThrowsAsync<ServingException>(() => late);
        may.Release(2);
        await first;
        await batcher.RunAsync([Item(3)], default, Ct);

        Assert.Equal(ServingFault.DeadlinePassed, error.Fault);
        Assert.Equal<int[]>([[0], [3]], ran);
        Assert.Equal(0, batcher.QueuedCost);
    }

    [Fact]
    public async Task Deadline_ThatPassesWhileRunning_FailsThen_AndAnEarlierOneAtTheDoor()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> late = batcher.RunAsync([Item(0)], In(milliseconds: 30), Ct);
        await runs.WaitAsync(Ct);

        clock.Advance(TimeSpan.FromMilliseconds(30));
        var running = await Assert.ThrowsAsync<ServingException>(() => late); // although the run still goes on
        var door = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(1)], In(milliseconds: 0), Ct));
        may.Release();

        Assert.Equal((ServingFault.DeadlinePassed, ServingFault.DeadlinePassed), (running.Fault, door.Fault));
    }

    [Fact]
    public async Task ARunThatNobodyWaitsFor_IsStopped()
    {
        using var gone = new CancellationTokenSource();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var batcher = new Batcher<int>(Limits(1), (work, faults, ct) =>
        {
            runs.Release();
            if (ct.WaitHandle.WaitOne(TimeSpan.FromSeconds(60)))
                stopped.SetResult();
            ct.ThrowIfCancellationRequested();
            return default;
        }, clock, Meter());
        Task<ItemTimes> request = batcher.RunAsync([Item(0)], default, gone.Token);
        await runs.WaitAsync(Ct);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
    }

    [Fact]
    public async Task TooLarge_IsRefusedAtTheDoor_WithBothNumbers()
    {
        Batcher<int> batcher = Start(free: true);

        var error = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(0), Item(1, cost: 11)], default, Ct));
        var many = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([.. Enumerable.Range(0, 4).Select(i => Item(i, cost: 10))], default, Ct));

        Assert.Equal((ServingFault.ItemTooLarge, 11, 10), (error.Fault, error.Found, error.Allowed));
        Assert.Contains("Item 1 for model test/1 has 11 tokens; at most 10 are taken", error.Message, StringComparison.Ordinal);
        Assert.Equal((ServingFault.ItemTooLarge, 40, 30), (many.Fault, many.Found, many.Allowed));
        Assert.Empty(ran);
    }

    [Fact]
    public async Task FullQueue_Refuses_AndSaysWhenToComeBack()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0, cost: 10)], default, Ct);
        await runs.WaitAsync(Ct);
        clock.Advance(TimeSpan.FromSeconds(1)); // what a run of 10 takes
        may.Release();
        await first;
        Task running = batcher.RunAsync([Item(1, cost: 10)], default, Ct);
        await runs.WaitAsync(Ct);
        Task[] waiting = [.. Enumerable.Range(2, 3).Select(i => batcher.RunAsync([Item(i, cost: 10)], default, Ct))];

        var error = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(9)], default, Ct));
        may.Release(4);
        await Task.WhenAll([running, .. waiting]);

        Assert.Equal((ServingFault.QueueFull, 31, 30, TimeSpan.FromSeconds(3)), (error.Fault, error.Found, error.Allowed, error.RetryAfter));
    }

    [Fact]
    public async Task ABadItem_FailsAlone()
    {
        var bad = new ModelFaultException(new ModelReference("test", "1", "sha256:0"), "item 3 is bad");
        using var batcher = new Batcher<int>(Limits(1), (work, faults, ct) =>
        {
            ran.Enqueue(work.ToArray());
            runs.Release();
            may.Wait(ct);
            may.Release();
            if (work.ToArray().Contains(3))
                throw bad;
            faults.Span.Clear();
            return default;
        }, clock, Meter());
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        Task<ItemTimes>[] others = [.. Enumerable.Range(1, 5).Select(i => batcher.RunAsync([Item(i)], default, Ct))];

        may.Release();
        await first;
        await Task.WhenAll(others).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal([true, true, false, true, true], others.Select(o => o.IsCompletedSuccessfully));
        Assert.Same(bad, others[2].Exception!.InnerException);
    }

    [Fact]
    public async Task Dispose_FailsWhatWaits_AndEndsWhatRuns()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> running = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        Task<ItemTimes> waiting = batcher.RunAsync([Item(1)], default, Ct);

        may.Release();
        batcher.Dispose();

        await running;
        Assert.Equal(ServingFault.Stopping, (await Assert.ThrowsAsync<ServingException>(() => waiting)).Fault);
        Assert.Equal(ServingFault.Stopping, (await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(2)], default, Ct))).Fault);
    }

    [Fact]
    public async Task Reasons_AreCounted()
    {
        listener.Start();
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await runs.WaitAsync(Ct);
        Task full = Task.WhenAll(batcher.RunAsync([Item(1, cost: 10)], default, Ct), batcher.RunAsync([Item(2, cost: 3)], default, Ct));

        may.Release(3);
        await Task.WhenAll(first, full);
        batcher.Dispose(); // counted before a run is left

        Assert.Equal(["idle", "full", "idle"], reasons);
    }

    /// <summary>Callers come and go on many threads while batches run: each request ends, and each item runs once at most.</summary>
    [Fact]
    public async Task CancellationStorm_LosesAndDoublesNothing()
    {
        var random = new Random(4711);
        using Batcher<int> batcher = new(Limits(2) with { MaxQueueCost = 1_000_000 }, (work, faults, ct) =>
        {
            ran.Enqueue(work.ToArray());
            faults.Span.Clear();
            return default;
        }, TimeProvider.System, Meter());
        (int Number, int Wait)[] plans = [.. Enumerable.Range(0, 2_000).Select(i => (i, random.Next(4)))];

        bool[] answered = new bool[plans.Length];
        await Parallel.ForEachAsync(plans, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct }, async (plan, ct) =>
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
            Task<ItemTimes> request = batcher.RunAsync([.. Enumerable.Range(0, 3).Select(i => Item((10 * plan.Number) + i, key: plan.Number % 3))], default, gone.Token);
            if (plan.Wait == 0)
                await gone.CancelAsync();
            else if (plan.Wait == 1)
                _ = gone.CancelAsync();
            try
            {
                await request;
                answered[plan.Number] = true;
            }
            catch (OperationCanceledException)
            {
                Assert.True(plan.Wait < 2);
            }
        });

        HashSet<int> items = [];
        Assert.All(ran.SelectMany(batch => batch), item => Assert.True(items.Add(item)));
        Assert.All(plans, plan => Assert.True(answered[plan.Number] || plan.Wait < 2));
        Assert.All(plans.Where(p => answered[p.Number]), plan => Assert.True(Enumerable.Range(0, 3).All(i => items.Contains((10 * plan.Number) + i))));
        Assert.All(ran, batch => Assert.InRange(batch.Length, 1, 10));
        Assert.Equal(0, batcher.QueuedCost);
    }

    public void Dispose()
    {
        may.Release(1_000); // whatever a failed test left running
        batchers.ForEach(b => b.Dispose());
        listener.Dispose();
        meter.Dispose();
        may.Dispose();
        runs.Dispose();
    }

    private Batcher<int> Start(int runners = 2, bool free = false)
    {
        var batcher = new Batcher<int>(Limits(runners), (work, faults, _) =>
        {
            ran.Enqueue(work.ToArray());
            runs.Release();
            if (!free)
                may.Wait(CancellationToken.None);
            faults.Span.Clear();
            return default;
        }, clock, Meter());
        batchers.Add(batcher);
        return batcher;
    }

    private static BatchLimits Limits(int runners) => new("tokens", 10, 64, 30, TimeSpan.FromMilliseconds(5), runners, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80));

    private ModelMeter Meter() => new(meter, new ModelVersion("test", 1));

    private static BatchItem<int> Item(int work, long cost = 1, int key = 0) => new(work, new BatchKey(key), cost);

    private RequestTerms In(int milliseconds) => new(Deadline: clock.GetUtcNow() + TimeSpan.FromMilliseconds(milliseconds));
}
