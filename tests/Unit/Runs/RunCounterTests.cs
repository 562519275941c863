using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunCounterTests
{
    private static readonly RunEntry[] Runs =
    [
        RunsOf.Run("a", 0) with
        {
            Outcome = "processed",
        },
        RunsOf.Run("b", 1) with
        {
            Outcome = "Quarantined",
        },
        RunsOf.Run("c", 1, RunStatus.Failed),
        RunsOf.Run("d", 30, RunStatus.Running, "PromoteModel"),
    ];

    [Fact]
    public void CountsByOneThing_LeaveTheChoiceOfThatThingOut()
    {
        RunSummary summary = Count(new RunFilter { Statuses = [RunStatus.Completed], Names = ["IngestAsset"] });

        Assert.Equal(2, summary.Total);
        Assert.Equal([("completed", 2), ("failed", 1)], Pairs(summary.Statuses));
        Assert.Equal([("IngestAsset", 2)], Pairs(summary.Names));
        Assert.Equal([("Quarantined", 1), ("processed", 1)], Pairs(summary.Outcomes));
    }

    [Fact]
    public void Kinds_AreCountedBesideTheChoiceOfAKind()
    {
        RunEntry[] runs = [.. Runs, RunsOf.Run("lambda:e", 2, name: "IngestObject") with { Kind = RunKind.Lambda }];

        RunSummary summary = new RunCounter(new RunFilter { Kinds = [RunKind.Lambda] }).Count(runs);

        Assert.Equal([("lambda", 1), ("orchestration", 4)], Pairs(summary.Kinds));
        Assert.Equal((1, 1), (summary.Total, summary.Statuses["completed"]));
        Assert.Equal([("IngestObject", 1)], Pairs(summary.Names));
    }

    [Fact]
    public void Buckets_AreRoundStretchesOfTime_ThatHoldEachRunOnce()
    {
        RunSummary summary = Count(new RunFilter());

        Assert.Equal((RunsOf.Start, 60L, 31), (summary.From, summary.BucketSeconds, summary.Buckets.Count));
        Assert.Equal(new RunBucket(1, 0, 0, 0, 0), summary.Buckets[0]);
        Assert.Equal(new RunBucket(1, 0, 1, 0, 0), summary.Buckets[1]);
        Assert.Equal(new RunBucket(0, 1, 0, 0, 0), summary.Buckets[30]);
        Assert.Equal(4, summary.Buckets.Sum(bucket => bucket.Completed + bucket.Running + bucket.Failed));
    }

    [Fact]
    public void Buckets_SpanTheTimeThatIsAsked()
    {
        RunFilter hour = new() { From = RunsOf.Start.AddMinutes(0.5), To = RunsOf.Start.AddMinutes(60) };

        RunSummary summary = Count(hour);

        Assert.Equal((RunsOf.Start, 60L, 60), (summary.From, summary.BucketSeconds, summary.Buckets.Count));
        Assert.Equal(3, summary.Total);
    }

    [Fact]
    public void ATimeOfAllThereIs_StillCounts()
    {
        RunSummary summary = Count(new RunFilter { From = DateTimeOffset.MinValue, To = DateTimeOffset.MaxValue });

        Assert.Equal((4, 4), (summary.Total, summary.Buckets.Sum(bucket => bucket.Completed + bucket.Running + bucket.Failed)));
        Assert.InRange(summary.Buckets.Count, 1, RunCounter.MaxBuckets);
    }

    [Fact]
    public void WithoutRuns_ThereIsNothingToDraw()
    {
        RunSummary summary = new RunCounter(new RunFilter()).Count([]);

        Assert.Equal((0, null, 0L), (summary.Total, summary.From, summary.BucketSeconds));
        Assert.Empty(summary.Buckets);
    }

    private static RunSummary Count(RunFilter filter) => new RunCounter(filter).Count(Runs);

    private static (string, int)[] Pairs(IReadOnlyDictionary<string, int> counts) =>
        [.. counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => (count.Key, count.Value))];
}
