using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Serverless.Registry;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

/// <summary>The batcher with its threads; the run is a function of the test, which can hold it.</summary>
public sealed class BatcherTests : IDisposable
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private readonly ServingMeter _meter = new();
    private readonly ConcurrentQueue<int[]> _runs = new();
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private readonly SemaphoreSlim _entered = new(0);

    public void Dispose()
    {
        _open.Set();
        _meter.Dispose();
    }

    [Fact]
    public async Task ManyCallers_EachAnsweredOnce_InBatchesUnderTheCap()
    {
        using Batcher<int> batcher = Start(maxCost: 50);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => batcher.RunAsync([Item(3 * i, 10), Item((3 * i) + 1, 20), Item((3 * i) + 2, 5)], default, Ct)));

        Assert.Equal(Enumerable.Range(0, 600), _runs.SelectMany(run => run).Order());
        Assert.Equal(0, batcher.QueuedCost);
    }

    [Fact]
    public async Task ItemAboveTheCap_IsRefusedAtTheDoor_WithBothNumbers()
    {
        using Batcher<int> batcher = Start(maxCost: 50);

        ServingException refused = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(1, 10), Item(2, 51)], default, Ct));

        Assert.Equal((ServingFault.ItemTooLarge, 51L, 50L), (refused.Fault, refused.Found, refused.Allowed));
        Assert.Contains("51 tokens; at most 50", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_runs);
    }

    [Fact]
    public async Task FullQueue_AnswersOverloaded_AndSaysWhenToComeAgain()
    {
        using Batcher<int> batcher = Start(maxCost: 50, maxQueueCost: 100, runners: 1);
        Task<ItemTimes> running = await HoldAsync(batcher);
        Task<ItemTimes>[] waiting = [batcher.RunAsync([Item(1, 50)], default, Ct), batcher.RunAsync([Item(2, 50)], default, Ct)];

        ServingException refused = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(3, 1)], default, Ct));

        Assert.Equal((ServingFault.QueueFull, 101L, 100L), (refused.Fault, refused.Found, refused.Allowed));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        _open.Set();
        await Task.WhenAll([running, .. waiting]);
    }

    [Fact]
    public async Task DeadlinePassed_BeforeItCame_IsRefused()
    {
        using Batcher<int> batcher = Start();

        ServingException late = await Assert.ThrowsAsync<ServingException>(() =>
            batcher.RunAsync([Item(1)], new RequestTerms(Deadline: TimeProvider.System.GetUtcNow() - TimeSpan.FromSeconds(1)), Ct));

        Assert.Equal(ServingFault.DeadlinePassed, late.Fault);
        Assert.Empty(_runs);
    }

    [Fact]
    public async Task DeadlinePasses_WhileItWaits_FailsAndNeverRuns()
    {
        using Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> running = await HoldAsync(batcher);

        ServingException late = await Assert.ThrowsAsync<ServingException>(() =>
            batcher.RunAsync([Item(7)], new RequestTerms(Deadline: TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(20)), Ct));
        _open.Set();
        await running;
        await batcher.RunAsync([Item(8)], default, Ct);

        Assert.Equal(ServingFault.DeadlinePassed, late.Fault);
        Assert.DoesNotContain(7, _runs.SelectMany(run => run));
    }

    [Fact]
    public async Task CallersWhoGo_LeaveNothingBehind_AndTakeNobodyWithThem()
    {
        using Batcher<int> batcher = Start(maxCost: 50, maxQueueCost: 100_000, runners: 1);
        Task<ItemTimes> running = await HoldAsync(batcher);
        using CancellationTokenSource gone = new();
        Task<ItemTimes>[] going = [.. Enumerable.Range(0, 500).Select(i => batcher.RunAsync([Item(1_000 + i)], default, gone.Token))];
        Task<ItemTimes>[] staying = [.. Enumerable.Range(0, 50).Select(i => batcher.RunAsync([Item(i)], default, Ct))];

        await gone.CancelAsync();
        _open.Set();

        await Task.WhenAll([running, .. staying]);
        foreach (Task<ItemTimes> task in going)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.DoesNotContain(_runs.SelectMany(run => run), work => work >= 1_000);
        Assert.Equal(0, batcher.QueuedCost);
    }

    [Fact]
    public async Task OneBadItem_FailsItsRequestAlone()
    {
        using Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> running = await HoldAsync(batcher);
        Task<ItemTimes> good = batcher.RunAsync([Item(1)], default, Ct), bad = batcher.RunAsync([Item(-1)], default, Ct), other = batcher.RunAsync([Item(2)], default, Ct);
        _open.Set();

        await Task.WhenAll(running, good, other);

        await Assert.ThrowsAsync<ModelFaultException>(() => bad);
    }

    [Fact]
    public async Task Stop_RefusesWhatWaits_AndEndsWhatRuns()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> running = await HoldAsync(batcher);
        Task<ItemTimes> waiting = batcher.RunAsync([Item(1)], default, Ct);

        Task stopped = Task.Factory.StartNew(batcher.Dispose, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _open.Set();
        await stopped;

        await running;
        // The thread may have taken it between the end of the held run and the stop; refused or answered, but never left hanging.
        if (await Record.ExceptionAsync(() => waiting) is { } fault)
            Assert.Equal(ServingFault.Stopping, Assert.IsType<ServingException>(fault).Fault);
    }

    [Fact]
    public async Task Leaving_IsCounted_ByItsReason()
    {
        ConcurrentBag<string> reasons = [];
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "serving.batches")
                l.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((_, _, tags, _) =>
        {
            Dictionary<string, object?> named = new(tags.ToArray());
            if ((string?)named["model"] == "leaving")
                reasons.Add((string)named["reason"]!);
        });
        listener.Start();
        using Batcher<int> batcher = Start(maxCost: 50, runners: 2, model: "leaving");
        Task<ItemTimes> running = await HoldAsync(batcher);
        Task<ItemTimes> full = batcher.RunAsync([Item(1, 50)], default, Ct);
        await _entered.WaitAsync(Ct);
        _open.Set();

        await Task.WhenAll(running, full);

        await Embedded.Runtime.Hosting.Recorder.UntilAsync(() => Task.FromResult(reasons.Count == 2));
        Assert.Equal(["full", "idle"], reasons.Order());
    }

    /// <summary>Has the model busy with an item until the test opens it.</summary>
    private async Task<Task<ItemTimes>> HoldAsync(Batcher<int> batcher)
    {
        _open.Reset();
        Task<ItemTimes> held = batcher.RunAsync([Item(999)], default, Ct);
        await _entered.WaitAsync(Ct);
        return held;
    }

    private Batcher<int> Start(long maxCost = 1_000, long maxQueueCost = 100_000, int runners = 2, string model = "m") => new(
        new BatchLimits("tokens", maxCost, 64, maxQueueCost, TimeSpan.FromMilliseconds(5), runners, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)),
        (work, faults, _) =>
        {
            _entered.Release();
            _open.Wait(Ct);
            Assert.True(work.Length * 5L <= maxCost);
            if (work.ToArray().Any(w => w < 0))
                throw new ModelFaultException(new ModelReference("m", "1", "sha256:0"), "a negative item", new InvalidOperationException());
            _runs.Enqueue(work.ToArray());
            faults.Span.Clear();
            return default;
        },
        TimeProvider.System,
        new ModelMeter(_meter, new ModelVersion(model, 1)));

    private static BatchItem<int> Item(int work, long cost = 10) => new(work, new BatchKey(0), cost);
}
