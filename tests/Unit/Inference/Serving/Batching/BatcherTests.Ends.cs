using System.Collections.Concurrent;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

/// <summary>How requests and batchers end before their answers: by deadlines, callers that leave, and the end of the batcher.</summary>
public sealed partial class BatcherTests
{
    [Fact]
    public async Task Deadline_ThatPassesWhileWaiting_Fails_AndNothingOfItRuns()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task first = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task<ItemTimes> late = batcher.RunAsync([Item(1), Item(2)], In(milliseconds: 30), Ct);

        _clock.Advance(TimeSpan.FromMilliseconds(31));
        var error = await Assert.ThrowsAsync<ServingException>(() => late);
        _may.Release(2);
        await first;
        await batcher.RunAsync([Item(3)], default, Ct);

        Assert.Equal(ServingFault.DeadlinePassed, error.Fault);
        Assert.Equal<int[]>(
            [
                [0],
                [3],
            ],
            _ran
        );
        Assert.Equal(0, batcher.QueuedCost);
    }

    [Fact]
    public async Task Deadline_ThatPassesWhileRunning_FailsThen_AndAnEarlierOneAtTheDoor()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> late = batcher.RunAsync([Item(0)], In(milliseconds: 30), Ct);
        await _runs.WaitAsync(Ct);

        _clock.Advance(TimeSpan.FromMilliseconds(30));
        var running = await Assert.ThrowsAsync<ServingException>(() => late); // although the run still goes on
        var door = await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(1)], In(milliseconds: 0), Ct));
        _may.Release();

        Assert.Equal((ServingFault.DeadlinePassed, ServingFault.DeadlinePassed), (running.Fault, door.Fault));
    }

    [Fact]
    public async Task ARunThatNobodyWaitsFor_IsStopped()
    {
        using var gone = new CancellationTokenSource();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var batcher = new Batcher<int>(
            Limits(1),
            (work, faults, cancellationToken) =>
            {
                _runs.Release();
                if (cancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(60)))
                {
                    stopped.SetResult();
                }
                cancellationToken.ThrowIfCancellationRequested();
                return default;
            },
            _clock,
            Meter()
        );
        Task<ItemTimes> request = batcher.RunAsync([Item(0)], default, gone.Token);
        await _runs.WaitAsync(Ct);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);
    }

    [Fact]
    public async Task ARunOverItsDeadline_FailsWithAllThatWaits_AndIsNotWaitedFor()
    {
        var overruns = new BlockingCollection<BatchOverrun>();
        var batcher = new Batcher<int>(
            Limits(1) with
            {
                RunDeadline = TimeSpan.FromSeconds(1),
            },
            (_, faults, _) =>
            {
                _runs.Release();
                _may.Wait(CancellationToken.None); // does not listen
                faults.Span.Clear();
                return default;
            },
            _clock,
            Meter(),
            overruns.Add
        );
        Task<ItemTimes> endless = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task<ItemTimes> behind = batcher.RunAsync([Item(1)], default, Ct);

        _clock.Advance(TimeSpan.FromSeconds(1));
        var error = await Assert.ThrowsAsync<ServingException>(() => endless);
        var waited = await Assert.ThrowsAsync<ServingException>(() => behind);
        batcher.Dispose();
        BatchOverrun overrun = Assert.Single(overruns);
        bool isRunning = !overrun.Ended.IsCompleted;
        _may.Release();
        await overrun.Ended;

        Assert.Equal((ServingFault.OutOfService, ServingFault.Stopping, true), (error.Fault, waited.Fault, isRunning));
        Assert.Equal("Model test/1 is out of service: a run of 1 items took longer than 00:00:01 (RunDeadline).", overrun.Fault.Message);
    }

    [Fact]
    public async Task Dispose_FailsWhatWaits_AndEndsWhatRuns()
    {
        Batcher<int> batcher = Start(runners: 1);
        Task<ItemTimes> running = batcher.RunAsync([Item(0)], default, Ct);
        await _runs.WaitAsync(Ct);
        Task<ItemTimes> waiting = batcher.RunAsync([Item(1)], default, Ct);

        _may.Release();
        batcher.Dispose();

        await running;
        Assert.Equal(ServingFault.Stopping, (await Assert.ThrowsAsync<ServingException>(() => waiting)).Fault);
        Assert.Equal(
            ServingFault.Stopping,
            (await Assert.ThrowsAsync<ServingException>(() => batcher.RunAsync([Item(2)], default, Ct))).Fault
        );
    }

    /// <summary>Callers come and go on many threads while batches run: each request ends, and each item runs once at most.</summary>
    [Fact]
    public async Task CancellationStorm_LosesAndDoublesNothing()
    {
        var random = new Random(4711);
        using Batcher<int> batcher = new(
            Limits(2) with
            {
                MaxQueueCost = 1_000_000,
            },
            (work, faults, cancellationToken) =>
            {
                _ran.Enqueue(work.ToArray());
                faults.Span.Clear();
                return default;
            },
            TimeProvider.System,
            Meter()
        );
        (int Number, int Wait)[] plans = [.. Enumerable.Range(0, 2_000).Select(i => (i, random.Next(4)))];

        bool[] answered = new bool[plans.Length];
        await Parallel.ForEachAsync(
            plans,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Ct },
            async (plan, cancellationToken) =>
            {
                using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                Task<ItemTimes> request = batcher.RunAsync(
                    [.. Enumerable.Range(0, 3).Select(i => Item((10 * plan.Number) + i, key: plan.Number % 3))],
                    default,
                    gone.Token
                );
                if (plan.Wait == 0)
                {
                    await gone.CancelAsync();
                }
                else if (plan.Wait == 1)
                {
                    _ = gone.CancelAsync();
                }
                try
                {
                    await request;
                    answered[plan.Number] = true;
                }
                catch (OperationCanceledException)
                {
                    Assert.True(plan.Wait < 2);
                }
            }
        );

        HashSet<int> items = [];
        Assert.All(_ran.SelectMany(batch => batch), item => Assert.True(items.Add(item)));
        Assert.All(plans, plan => Assert.True(answered[plan.Number] || plan.Wait < 2));
        Assert.All(plans.Where(p => answered[p.Number]), plan =>
            Assert.True(Enumerable.Range(0, 3).All(i => items.Contains((10 * plan.Number) + i)))
        );
        Assert.All(_ran, batch => Assert.InRange(batch.Length, 1, 10));
        Assert.Equal(0, batcher.QueuedCost);
    }
}
