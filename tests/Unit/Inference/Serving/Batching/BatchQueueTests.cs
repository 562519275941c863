using FsCheck;
using FsCheck.Fluent;
using Serverless.Inference.Serving;
using Serverless.Inference.Serving.Batching;
using Xunit;

namespace Serverless.Unit.Inference.Serving.Batching;

/// <summary>Whatever comes, goes and passes in whatever order.</summary>
public sealed class BatchQueueTests
{
    private const int Cap = 10,
        MaxItems = 4,
        QueueCap = 60;

    private static readonly BatchLimits Limits = new(
        "tokens",
        Cap,
        MaxItems,
        QueueCap,
        TimeSpan.FromMilliseconds(5),
        2,
        TimeSpan.FromMilliseconds(20),
        TimeSpan.FromMilliseconds(80)
    );

    /// <summary>One event: what happens and three small numbers that say to what.</summary>
    private sealed record Step(int Kind, int A, int B, int C);

    private static Arbitrary<List<Step>> Steps() =>
        Gen.Choose(0, 9)
            .SelectMany(kind =>
                Gen.Choose(0, 9).SelectMany(a => Gen.Choose(0, 9).SelectMany(b => Gen.Choose(0, 9).Select(c => new Step(kind, a, b, c))))
            )
            .ListOf()
            .Select(steps => steps.ToList())
            .ToArbitrary();

    [Fact]
    public void Queue_KeepsItsPromises_WhateverHappens() =>
        Prop.ForAll(Steps(), steps => new Play().Run(steps)).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithEndSize(120));

    [Fact]
    public void LowPriority_WaitsItsPatience_NotForEver()
    {
        var queue = new BatchQueue<string>(Limits, new RunCosts());
        TimeSpan now = TimeSpan.Zero;
        queue.Add(Request("low", RequestPriority.Low, now));
        for (int i = 0; i < 200; i++)
        {
            now += TimeSpan.FromMilliseconds(1);
            queue.Add(Request($"high {i}", RequestPriority.High, now, cost: Cap));
            RunningBatch<string> batch = queue.Take(now, idle: true)!;
            if (batch.Items.Any(item => item.Item.Work == "low"))
            {
                Assert.InRange(now, Limits.LowPatience, Limits.LowPatience + TimeSpan.FromMilliseconds(1));
                return;
            }
        }
        Assert.Fail("the item of low priority was still waiting after 200 of high priority");
    }

    [Fact]
    public void HighPriority_GoesFirst_WhereItComesLater()
    {
        var queue = new BatchQueue<string>(Limits, new RunCosts());
        queue.Add(Request("low", RequestPriority.Low, TimeSpan.Zero, cost: Cap));
        queue.Add(Request("normal", RequestPriority.Normal, TimeSpan.FromMilliseconds(1), cost: Cap));
        queue.Add(Request("high", RequestPriority.High, TimeSpan.FromMilliseconds(2), cost: Cap));

        string[] order = [.. Enumerable.Range(0, 3).Select(_ => queue.Take(TimeSpan.FromMilliseconds(3), idle: true)!.Items[0].Item.Work)];

        Assert.Equal(["high", "normal", "low"], order);
    }

    [Theory]
    [InlineData(false, 0, 0, 0, null)] // the model is at work and nothing presses
    [InlineData(true, 0, 0, 0, LeaveReason.Idle)]
    [InlineData(false, 5, 0, 0, LeaveReason.Delay)]
    [InlineData(false, 0, 3, 0, null)] // 3 ms to the deadline, and a run of 2
    [InlineData(false, 1, 3, 0, LeaveReason.Deadline)]
    [InlineData(false, 0, 0, 4, LeaveReason.Full)]
    public void Batches_Leave_ForAReason(bool idle, int waitedMs, int deadlineMs, int more, object? reason)
    {
        var runs = new RunCosts();
        runs.Learn(1, TimeSpan.FromMilliseconds(1));
        var queue = new BatchQueue<string>(Limits, runs);
        queue.Add(
            Request("first", RequestPriority.Normal, TimeSpan.Zero, 2, deadlineMs == 0 ? null : TimeSpan.FromMilliseconds(deadlineMs))
        );
        for (int i = 0; i < more; i++)
        {
            queue.Add(Request("more", RequestPriority.Normal, TimeSpan.Zero, 2));
        }

        RunningBatch<string>? batch = queue.Take(TimeSpan.FromMilliseconds(waitedMs), idle);

        Assert.Equal((LeaveReason?)reason, batch?.Reason);
        Assert.True(batch is not null || queue.NextLeave() > TimeSpan.Zero);
    }

    private static BatchRequest<string> Request(
        string work,
        RequestPriority priority,
        TimeSpan now,
        int cost = 1,
        TimeSpan? deadline = null
    ) => new([new(work, new BatchKey(0), cost)], priority, now, now + Limits.Patience(priority), deadline);

    /// <summary>Plays the steps against a queue and, beside it, a plain list of what should be in it.</summary>
    private sealed class Play
    {
        private readonly RunCosts _runs = new();
        private readonly BatchQueue<int> _queue;
        private readonly List<BatchRequest<int>> _requests = [];
        private readonly HashSet<QueuedItem<int>> _left = [];
        private TimeSpan _now;

        public Play() => _queue = new BatchQueue<int>(Limits, _runs);

        public void Run(List<Step> steps)
        {
            foreach (Step step in steps)
            {
                switch (step.Kind)
                {
                    case <= 4:
                        Add(step);
                        break;
                    case <= 6:
                        Take(idle: step.A > 3);
                        break;
                    case 7 when step.C > 5:
                        _runs.Learn(1 + step.A, TimeSpan.FromMilliseconds(1 + (step.A * step.B)));
                        break;
                    case 7:
                        Cancel(step);
                        break;
                    default:
                        Pass(TimeSpan.FromMilliseconds(step.A));
                        break;
                }
                Check();
            }
            while (!_queue.IsEmpty)
            {
                Take(idle: true);
                Check();
            }
            Assert.All(_requests.Where(r => !r.IsSettled).SelectMany(r => r.Items), item => Assert.Contains(item, _left));
        }

        private void Add(Step step)
        {
            BatchItem<int>[] items =
            [
                .. Enumerable
                    .Range(0, 1 + (step.A / 3))
                    .Select(i => new BatchItem<int>(i, new BatchKey((step.B + i) % 3), 1 + ((step.C + i) % Cap))),
            ];
            var priority = (RequestPriority)(step.B % 3);
            var request = new BatchRequest<int>(
                items,
                priority,
                _now,
                _now + Limits.Patience(priority),
                step.C < 5 ? _now + TimeSpan.FromMilliseconds(1 + (3 * step.C)) : null
            );
            if (!_queue.HasRoom(request.Cost))
            {
                Assert.True(Waiting().Sum(i => i.Item.Cost) + request.Cost > QueueCap);
                return;
            }
            _queue.Add(request);
            _requests.Add(request);
        }

        private void Take(bool idle)
        {
            QueuedItem<int>? first = Waiting().OrderBy(i => i.Request.Due).ThenBy(i => i.Request.Number).FirstOrDefault();
            if (_queue.Take(_now, idle) is not { } batch)
            {
                Assert.True(first is null || !idle, "an idle model left items waiting");
                return;
            }
            Assert.InRange(batch.Cost, 1, Cap);
            Assert.True(batch.Items.Length == 1 || !(batch.Cost > _runs.Worthwhile), "a batch was larger than is worth waiting for");
            Assert.Equal(batch.Cost, batch.Items.Sum(i => i.Item.Cost));
            Assert.InRange(batch.Items.Length, 1, MaxItems);
            Assert.Single(batch.Items.Select(i => i.Item.Key).Distinct());
            Assert.All(batch.Items, item =>
                Assert.True(_left.Add(item) && !item.Request.IsSettled, "an item left twice, or after its request was settled")
            );
            Assert.True(!idle || batch.Items.Any(i => i.Request.Due == first!.Request.Due), "the item whose turn it was did not leave");
            foreach (IGrouping<BatchRequest<int>, QueuedItem<int>> mine in batch.Items.GroupBy(i => i.Request))
            {
                BatchKey key = mine.First().Item.Key;
                int[] earlier = [.. mine.Key.Items.Where(i => i.Item.Key == key).TakeWhile(_left.Contains).Select(i => i.Item.Work)];
                Assert.True(mine.Last().Item.Work <= earlier.Last(), "a request's items left out of their order");
            }
        }

        private void Cancel(Step step)
        {
            if (_requests.Count > 0 && _requests[(step.A + (10 * step.B)) % _requests.Count] is { IsSettled: false } request)
            {
                Settle(request);
            }
        }

        /// <summary>Each deadline that passes is found, and nothing else is.</summary>
        private void Pass(TimeSpan time)
        {
            _now += time;
            while (_queue.FindLate(_now) is { } late)
            {
                Assert.True(late.Deadline <= _now && !late.IsSettled);
                Settle(late);
            }
            Assert.DoesNotContain(_requests, r => !r.IsSettled && r.Deadline <= _now);
        }

        private void Settle(BatchRequest<int> request)
        {
            request.Fail(new TimeoutException());
            _ = request.Completion.Exception;
            _queue.Remove(request);
        }

        private IEnumerable<QueuedItem<int>> Waiting() =>
            _requests.Where(r => !r.IsSettled).SelectMany(r => r.Items).Where(i => !_left.Contains(i));

        private void Check()
        {
            Assert.Equal(Waiting().Sum(i => i.Item.Cost), _queue.Cost);
            Assert.Equal(!Waiting().Any(), _queue.IsEmpty);
        }
    }
}
