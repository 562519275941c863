using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

/// <summary>The queue alone, which has no clock: moments are given. The seed of a random case is its name.</summary>
public sealed class BatchQueueTests
{
    private const long MaxCost = 100;
    private const int MaxItems = 8;

    private static readonly BatchLimits Limits = new(
        "tokens", MaxCost, MaxItems, MaxQueueCost: 5_000, MaxDelay: TimeSpan.FromMilliseconds(5), Runners: 2,
        NormalPatience: TimeSpan.FromMilliseconds(100), LowPatience: TimeSpan.FromSeconds(1));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void RandomTraffic_LeavesWholeOnceAndInOrder_NeverAboveTheCap(int seed)
    {
        Random random = new(seed);
        BatchQueue<int> queue = new(Limits);
        List<BatchRequest<int>> requests = [];
        List<QueuedItem<int>> left = [];
        HashSet<BatchRequest<int>> removed = [];
        TimeSpan now = TimeSpan.Zero;

        for (int step = 0; step < 300 || !queue.IsEmpty; step++)
        {
            now += TimeSpan.FromMilliseconds(random.Next(3));
            if (step < 300 && random.Next(3) > 0 && queue.HasRoom(4 * MaxCost))
                requests.Add(AddRandom(queue, random, now));
            if (random.Next(20) == 0 && requests.Count > 0 && requests[random.Next(requests.Count)] is { } gone && gone.Items.Any(i => i.Node is not null))
            {
                queue.Remove(gone);
                removed.Add(gone);
            }
            if (random.Next(2) == 0 && queue.Take(now, idle: random.Next(2) == 0, secondsPerCost: 1e-5) is { } batch)
            {
                Assert.InRange(batch.Items.Sum(i => i.Item.Cost), 1, MaxCost);
                Assert.InRange(batch.Items.Length, 1, MaxItems);
                Assert.Single(batch.Items.Select(i => i.Item.Key).Distinct());
                left.AddRange(batch.Items);
            }
        }

        Assert.Equal(0, queue.Cost);
        Assert.Equal(left.Count, left.Distinct().Count());
        Assert.All(requests.Where(r => !removed.Contains(r)), request => Assert.All(request.Items, item => Assert.Contains(item, left)));
        Assert.All(left.GroupBy(i => (i.Request, i.Item.Key)), items => Assert.Equal(items.OrderBy(i => i.Item.Work), items));
    }

    [Fact]
    public void Take_AtIdle_LetsTheFirstLeaveAtOnce()
    {
        BatchQueue<int> queue = new(Limits);
        queue.Add(Request([10], TimeSpan.Zero));

        Assert.Equal(LeaveReason.Idle, queue.Take(TimeSpan.Zero, idle: true, 0)!.Reason);
    }

    [Fact]
    public void Take_WhileTheModelWorks_WaitsForTheDelayAndNoLonger()
    {
        BatchQueue<int> queue = new(Limits);
        queue.Add(Request([10], TimeSpan.Zero));

        Assert.Null(queue.Take(Limits.MaxDelay - TimeSpan.FromTicks(1), idle: false, 0));
        Assert.Equal(Limits.MaxDelay, queue.NextLeave(0));
        Assert.Equal(LeaveReason.Delay, queue.Take(Limits.MaxDelay, idle: false, 0)!.Reason);
    }

    [Fact]
    public void Take_WhatFillsABatch_LeavesAtOnce()
    {
        BatchQueue<int> queue = new(Limits);
        queue.Add(Request([40, 40, 40], TimeSpan.Zero));

        RunningBatch<int> batch = queue.Take(TimeSpan.Zero, idle: false, 0)!;

        Assert.Equal((LeaveReason.Full, 2), (batch.Reason, batch.Items.Length));
        Assert.Equal(40, queue.Cost);
    }

    [Fact]
    public void Take_WhenADeadlinePresses_LeavesInTimeForTheRun()
    {
        BatchQueue<int> queue = new(Limits with { MaxDelay = TimeSpan.FromSeconds(10) });
        queue.Add(Request([50], TimeSpan.Zero, deadline: TimeSpan.FromSeconds(2)));

        Assert.Null(queue.Take(TimeSpan.FromMilliseconds(1_499), idle: false, secondsPerCost: 0.01));
        Assert.Equal(LeaveReason.Deadline, queue.Take(TimeSpan.FromMilliseconds(1_500), idle: false, secondsPerCost: 0.01)!.Reason);
    }

    [Fact]
    public void Take_LowPriority_GetsItsTurnHoweverManyHighOnesCome()
    {
        BatchQueue<int> queue = new(Limits);
        BatchRequest<int> low = Request([60], TimeSpan.Zero, RequestPriority.Low);
        queue.Add(low);
        int before = 0;
        for (TimeSpan now = TimeSpan.Zero; low.Items[0].Node is not null; now += TimeSpan.FromMilliseconds(10), before++)
        {
            queue.Add(Request([60], now, RequestPriority.High));
            queue.Take(now, idle: true, 0);
        }

        // High ones that came up to one low patience after it go first, and none of the later ones.
        Assert.InRange(before, 99, 102);
    }

    [Fact]
    public void FindLate_NamesWhatIsPastItsDeadline_WaitingOrRunning()
    {
        BatchQueue<int> queue = new(Limits);
        BatchRequest<int> waiting = Request([10], TimeSpan.Zero, deadline: TimeSpan.FromMilliseconds(2));
        BatchRequest<int> running = Request([10], TimeSpan.Zero, deadline: TimeSpan.FromMilliseconds(1));
        queue.Add(running);
        queue.Take(TimeSpan.Zero, idle: true, 0);
        queue.Add(waiting);

        Assert.Null(queue.FindLate(TimeSpan.FromTicks(9_999)));
        Assert.Same(running, queue.FindLate(TimeSpan.FromMilliseconds(1)));
        queue.Remove(running);
        Assert.Same(waiting, queue.FindLate(TimeSpan.FromMilliseconds(2)));
    }

    private static BatchRequest<int> AddRandom(BatchQueue<int> queue, Random random, TimeSpan now)
    {
        long[] costs = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => (long)random.Next(1, 101))];
        BatchRequest<int> request = Request(
            costs, now, (RequestPriority)random.Next(3), random.Next(3) == 0 ? now + TimeSpan.FromMilliseconds(random.Next(50)) : null, keys: random.Next(1, 4));
        queue.Add(request);
        return request;
    }

    private static BatchRequest<int> Request(long[] costs, TimeSpan now, RequestPriority priority = RequestPriority.Normal, TimeSpan? deadline = null, int keys = 1) =>
        new([.. costs.Select((cost, i) => new BatchItem<int>(i, new BatchKey(i % keys), cost))], priority, now, now + Limits.Patience(priority), deadline);
}
