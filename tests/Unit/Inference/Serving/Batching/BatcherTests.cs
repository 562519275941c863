using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Serverless.Packages;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

public sealed partial class BatcherTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _clock = new();
    private readonly ServingMeter _meter = new();
    private readonly ConcurrentQueue<int[]> _ran = new();
    private readonly ConcurrentQueue<string> _reasons = new();
    private readonly SemaphoreSlim _may = new(0); // a run waits for it
    private readonly SemaphoreSlim _runs = new(0); // released as a run begins
    private readonly MeterListener _listener = new();
    private readonly List<Batcher<int>> _batchers = [];

    public BatcherTests()
    {
        _listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "serving.batches")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, _, tags, _) =>
            {
                Dictionary<string, object?> named = new(tags.ToArray());
                if (named["model"] as string == "test")
                {
                    // other tests' servers are heard too
                    _reasons.Enqueue($"{named["reason"]}");
                }
            }
        );
    }

    [Fact]
    public async Task Idle_ASingleItem_LeavesAtOnce()
    {
        Batcher<int> batcher = Start(free: true);

        await batcher.RunAsync([Item(1)], default, Ct); // the clock stands still: nothing was waited for

        Assert.Equal([1], Assert.Single(_ran));
    }

    /// <summary>
    /// Once it is known to be short, a run at idle happens on its caller's thread; what comes meanwhile is batched as ever, also by the
    /// caller's end.
    /// </summary>
    [Fact]
    public async Task Idle_AShortRun_StaysOnItsCallersThread_AndIsWaitedForAtTheEnd()
    {
        List<int> threads = [];
        var batcher = new Batcher<int>(
            Limits(1),
            (work, faults, _) =>
            {
                threads.Add(Environment.CurrentManagedThreadId);
                _ran.Enqueue(work.ToArray());
                _runs.Release();
                _may.Wait(Ct);
                _clock.Advance(TimeSpan.FromMilliseconds(1) * work.Length);
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter()
        );
        _may.Release();
        await batcher.RunAsync([Item(0)], default, Ct); // nobody knows yet how long it takes
        await _runs.WaitAsync(Ct);

        var caller = new Thread(() => batcher.RunAsync([Item(1)], default, Ct).GetAwaiter().GetResult());
        caller.Start();
        await _runs.WaitAsync(Ct);
        Task<ItemTimes> second = batcher.RunAsync([Item(2)], default, Ct),
            third = batcher.RunAsync([Item(3)], default, Ct);
        _may.Release(2);
        await Task.WhenAll(second, third);
        var last = new Thread(() => batcher.RunAsync([Item(4)], default, Ct).GetAwaiter().GetResult());
        await _runs.WaitAsync(Ct);
        last.Start();
        await _runs.WaitAsync(Ct);
        Task end = Task.Run(batcher.Dispose, Ct);
        _may.Release();
        await end;

        Assert.Equal<int[]>(
            [
                [0],
                [1],
                [2, 3],
                [4],
            ],
            _ran
        );
        Assert.Equal([caller.ManagedThreadId, last.ManagedThreadId], [threads[1], threads[3]]);
        Assert.Equal(threads[0], threads[2]);
    }

    [Fact]
    public async Task Idle_ALongRun_LeavesItsCallersThread()
    {
        Batcher<int> batcher = Start();
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        _clock.Advance(TimeSpan.FromMilliseconds(21));
        _may.Release();
        await first;

        Task second = batcher.RunAsync([Item(1)], default, Ct); // would not return
        _may.Release();
        await second;

        Assert.Equal<int[]>(
            [
                [0],
                [1],
            ],
            _ran
        );
    }

    [Fact]
    public async Task Busy_ItemsOfManyCallers_LeaveTogether_InTheirOrder()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);

        Task second = batcher.RunAsync([Item(1), Item(2)], default, Ct),
            third = batcher.RunAsync([Item(3)], default, Ct);
        _may.Release(2);
        await Task.WhenAll(first, second, third);

        Assert.Equal<int[]>(
            [
                [0],
                [1, 2, 3],
            ],
            _ran
        );
    }

    [Fact]
    public async Task Busy_WhereABatchTakesWhatItsItemsTake_EachRunsAlone()
    {
        var batcher = new Batcher<int>(
            Limits(1),
            (work, faults, _) =>
            {
                _ran.Enqueue(work.ToArray());
                _runs.Release();
                _may.Wait(Ct);
                _clock.Advance(TimeSpan.FromMilliseconds(100) * work.Span[0]); // its own cost, see below
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter()
        );
        _batchers.Add(batcher);
        _may.Release(2);
        await batcher.RunAsync([Item(1, cost: 1)], default, Ct);
        await batcher.RunAsync([Item(4, cost: 4)], default, Ct);
        Task first = batcher.RunAsync([Item(3, cost: 3)], default, Ct);
        for (int i = 0; i < 3; i++)
        {
            await _runs.WaitAsync(Ct);
        }

        Task second = batcher.RunAsync([Item(2, cost: 2), Item(1, cost: 1)], default, Ct);
        _may.Release(3);
        await Task.WhenAll(first, second);

        Assert.Equal<int[]>(
            [
                [1],
                [4],
                [3],
                [2],
                [1],
            ],
            _ran
        );
    }

    [Fact]
    public async Task Delay_SendsACompanionlessItem_ToTheSecondRunner()
    {
        Batcher<int> batcher = Start();
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task second = batcher.RunAsync([Item(1)], default, Ct);
        Assert.Single(_ran);

        _clock.Advance(TimeSpan.FromMilliseconds(5));
        await _runs.WaitAsync(Ct);
        _may.Release(2);
        await Task.WhenAll(first, second);

        Assert.Equal<int[]>(
            [
                [0],
                [1],
            ],
            _ran
        );
    }

    [Fact]
    public async Task TooLarge_IsRefusedAtTheDoor_WithBothNumbers()
    {
        Batcher<int> batcher = Start(free: true);

        var error = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(0), Item(1, cost: 11)], default, Ct));
        var many = await Assert.ThrowsAsync<ServingException>(() =>
            batcher.RunAsync([.. Enumerable.Range(0, 4).Select(i => Item(i, cost: 10))], default, Ct)
        );

        Assert.Equal((ServingFault.ItemTooLarge, 11, 10), (error.Fault, error.Found, error.Allowed));
        Assert.Contains("Item 1 for model test/1 has 11 tokens; at most 10 are taken", error.Message, StringComparison.Ordinal);
        Assert.Equal((ServingFault.ItemTooLarge, 40, 30), (many.Fault, many.Found, many.Allowed));
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task FullQueue_Refuses_AndSaysWhenToComeBack()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0, cost: 10)], default, Ct);
        await _runs.WaitAsync(Ct);
        _clock.Advance(TimeSpan.FromSeconds(1)); // what a run of 10 takes
        _may.Release();
        await first;
        Task running = batcher.RunAsync([Item(1, cost: 10)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task[] waiting = [.. Enumerable.Range(2, 3).Select(i => batcher.RunAsync([Item(i, cost: 10)], default, Ct))];

        var error = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(9)], default, Ct));
        _may.Release(4);
        await Task.WhenAll([running, .. waiting]);

        Assert.Equal(
            (ServingFault.QueueFull, 31, 30, TimeSpan.FromSeconds(3)),
            (error.Fault, error.Found, error.Allowed, error.RetryAfter)
        );
    }

    [Fact]
    public async Task ABadItem_FailsAlone()
    {
        var bad = new ModelFaultException(new ModelReference("test", "1", "sha256:0"), "item 3 is bad");
        using var batcher = new Batcher<int>(
            Limits(1),
            (work, faults, cancellationToken) =>
            {
                _ran.Enqueue(work.ToArray());
                _runs.Release();
                _may.Wait(cancellationToken);
                _may.Release();
                if (work.ToArray().Contains(3))
                {
                    throw bad;
                }
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter()
        );
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task<ItemTimes>[] others = [.. Enumerable.Range(1, 5).Select(i => batcher.RunAsync([Item(i)], default, Ct))];

        _may.Release();
        await first;
        await Task.WhenAll(others).ContinueWith(_ => { }, Ct, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal([true, true, false, true, true], others.Select(o => o.IsCompletedSuccessfully));
        Assert.Same(bad, others[2].Exception!.InnerException);
    }

    /// <summary>What a run that failed has spent is shared as well.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EachRequest_IsToldItsShareOfWhatTheRunsSpent(bool failsOnce)
    {
        SpendingCounter model = new("test", "1", isOnGpu: true);
        int runs = 0;
        using Batcher<int> batcher = new(
            Limits(1),
            (work, faults, _) =>
            {
                _runs.Release();
                _may.Wait(Ct);
                model.Add(work.Length, new RunSpending(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(40)));
                if (failsOnce && ++runs == 2)
                {
                    throw new ModelFaultException(TestModels.Load("text-mean").Reference, "once");
                }
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter()
        );
        Task<ItemTimes> alone = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task<ItemTimes> one = batcher.RunAsync([Item(1)], default, Ct);
        Task<ItemTimes> two = batcher.RunAsync([Item(2), Item(3, cost: 2)], default, Ct);

        _may.Release(4);
        ItemTimes[] told = await Task.WhenAll(alone, one, two);

        ModelSpending spent = model.Read();
        Assert.Equal(failsOnce ? 400 : 200, spent.Processor.TotalMilliseconds);
        Assert.Equal(100, told[0].Spent.Processor.TotalMilliseconds);
        Assert.Equal((spent.Processor.TotalMilliseconds - 100) / 4, told[1].Spent.Processor.TotalMilliseconds, 3);
        Assert.Equal(new ModelTime(spent.Processor, spent.Gpu), told[0].Spent + told[1].Spent + told[2].Spent);
    }

    [Fact]
    public async Task Reasons_AreCounted()
    {
        _listener.Start();
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task full = Task.WhenAll(batcher.RunAsync([Item(1, cost: 10)], default, Ct), batcher.RunAsync([Item(2, cost: 3)], default, Ct));

        _may.Release(3);
        await Task.WhenAll(first, full);
        batcher.Dispose(); // counted before a run is left

        Assert.Equal(["idle", "full", "idle"], _reasons);
    }

    public void Dispose()
    {
        _may.Release(1_000); // whatever a failed test left running
        _batchers.ForEach(b => b.Dispose());
        _listener.Dispose();
        _meter.Dispose();
        _may.Dispose();
        _runs.Dispose();
    }

    private Batcher<int> Start(int runners = 2, bool free = false)
    {
        var batcher = new Batcher<int>(
            Limits(runners),
            (work, faults, _) =>
            {
                _ran.Enqueue(work.ToArray());
                _runs.Release();
                if (!free)
                {
                    _may.Wait(CancellationToken.None);
                }
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter()
        );
        _batchers.Add(batcher);
        return batcher;
    }

    private static BatchLimits Limits(int runners) =>
        new("tokens", 10, 64, 30, TimeSpan.FromMilliseconds(5), runners, TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(80));

    private ModelMeter Meter() => new(_meter, new ModelVersion("test", 1));

    private static BatchItem<int> Item(int work, long cost = 1, int key = 0) => new(work, new BatchKey(key), cost);

    private RequestTerms In(int milliseconds) => new(Deadline: _clock.GetUtcNow() + TimeSpan.FromMilliseconds(milliseconds));
}
