using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class RunSourcesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void FailedRuns_AreOneConditionForEachOrchestration_WithTheLatest()
    {
        AlertSighting found = FailedRunSource.Of(
            [Failed("a", "CheckDrift", 9), Failed("b", "CheckDrift", 2), Failed("c", "IngestAsset", 3)],
            limit: 1
        );

        Assert.Equal(
            [("CheckDrift", true, 2.0), ("IngestAsset", false, 1.0)],
            found.Conditions.Select(one => (one.Subject, one.Active, one.Value!.Value))
        );
        Assert.Equal("2 runs failed in the last hour, allowed are 1; the latest is 'b': it broke", found.Conditions[0].Summary);
        Assert.Equal("/api/console#runs/b", found.Conditions[0].Link);
        Assert.Equal(["failedRuns"], found.Whole);
    }

    [Fact]
    public void StandingRuns_OfOneSubject_AreToldOfTogether()
    {
        AlertSighting found = StandingRunSource.Of(
            [
                new RunFinding(RunFinding.SlowRule, "activity AnalyseAsset", "a/b", "Run 'a/b' waits."),
                new RunFinding(RunFinding.SlowRule, "activity AnalyseAsset", "c", "Run 'c' waits."),
                new RunFinding(RunFinding.LostRule, "IngestAsset", "d", "Its job is lost."),
            ],
            isWhole: true
        );

        Assert.Equal(
            ["slowActivity: Run 'a/b' waits. The same of 1 more.", "lostJob: Its job is lost."],
            found.Conditions.Select(one => $"{one.Rule}: {one.Summary}")
        );
        Assert.Equal("/api/console#runs/a%2Fb", found.Conditions[0].Link);
        Assert.Equal(["haltedRun", "slowActivity", "lostJob"], found.Whole);
    }

    [Fact]
    public void StandingRuns_OfALookThatIsNotWhole_EndNoAlert() => Assert.Empty(StandingRunSource.Of([], isWhole: false).Whole);

    private static RunEntry Failed(string id, string name, int minutesAgo) =>
        new()
        {
            Id = id,
            Name = name,
            Status = RunStatus.Failed,
            Created = Now.AddHours(-2),
            Updated = Now.AddMinutes(-minutesAgo),
            Ended = Now.AddMinutes(-minutesAgo),
            Failure = "it broke",
        };
}
