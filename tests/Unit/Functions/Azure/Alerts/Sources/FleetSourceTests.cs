using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Captures;
using Serverless.Functions.Azure.Alerts.Sources;
using Serverless.Inference;
using Serverless.Serving.Costs;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Unit.Captures;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts.Sources;

public sealed class FleetSourceTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    /// <summary>Of all processes together; of few requests nothing is said.</summary>
    [Theory]
    [InlineData(60, 3, 100, false, false)] // 3 of 63 is less than 0.05
    [InlineData(60, 4, 100, true, false)]
    [InlineData(60, 0, 2_001, false, true)]
    [InlineData(10, 5, 5_000, false, false)] // fewer than 20
    public void Versions_AreJudgedByTheLastMinute(int answered, int failed, double milliseconds, bool fails, bool isSlow)
    {
        ServingLine[] lines = [new("qa", "labels", 3, new ServingCounts(answered + failed, failed, 0, answered * milliseconds))];

        AlertSighting found = FleetSource.Of(new FleetDelta(Now, Now, lines, []), [], AlertRules.Default, new PriceOptions());

        Assert.Equal(fails, Condition(found, "errorShare", "labels/3 in qa").Active);
        Assert.Equal(isSlow, Condition(found, "latency", "labels/3 in qa").Active);
        Assert.Equal(["errorShare", "latency", "burnFast", "burnSlow"], found.Whole);
    }

    /// <summary>A version that served in two environments was told of without one, and its runbook had no button to roll back.</summary>
    [Fact]
    public void AVersion_IsJudgedInEachEnvironment_AndItsAlertNamesIt()
    {
        ServingLine[] lines =
        [
            new("prod", "labels", 3, new ServingCounts(100, 50, 0, 50)),
            new("qa", "labels", 3, new ServingCounts(900, 0, 0, 900)),
        ];

        AlertSighting found = FleetSource.Of(new FleetDelta(Now, Now, lines, []), [], AlertRules.Default, new PriceOptions());

        Assert.True(Condition(found, "errorShare", "labels/3 in prod").Active);
        Assert.False(Condition(found, "errorShare", "labels/3 in qa").Active);
        Assert.Equal(new AlertAbout("labels", 3, "prod"), Condition(found, "errorShare", "labels/3 in prod").About);
    }

    /// <summary>They are no model that anybody can roll back.</summary>
    [Fact]
    public void VersionsThatAreCountedTogether_AreAboutNone()
    {
        ServingTally tally = new(new ObjectiveOptions());
        for (int version = 1; version <= ServingTally.MaxLines + 30; version++)
        {
            tally.Add(TestCaptures.Prediction(Now, "labels") with { Version = version, Status = 503 }, milliseconds: 1);
        }

        AlertSighting found = FleetSource.Of(new FleetDelta(Now, Now, tally.Lines, []), [], AlertRules.Default, new PriceOptions());

        Assert.Null(Assert.Single(found.Conditions, one => one is { Active: true, Rule: "errorShare" }).About);
    }

    [Fact]
    public void LostRecords_OfAllProcesses_AreFound_AndWithoutNoneAllIsWell()
    {
        CaptureLine[] lines = [new(CaptureKind.Prediction, new CaptureCounts(40, 10, 0, 30, 0))];

        AlertSighting found = FleetSource.Of(new FleetDelta(Now, Now, [], lines), [], AlertRules.Default, new PriceOptions());

        AlertCondition lost = Condition(found, "captureLoss", "prediction records");
        Assert.True(lost.Active);
        Assert.StartsWith("30 of 40 records", lost.Summary, StringComparison.Ordinal);
        Assert.False(Condition(found, "captureLoss", "feedback records").Active);
    }

    [Fact]
    public void ABudgetThatBurns_IsACondition_OfItsUrgency()
    {
        IReadOnlyList<ObjectiveStanding> standings = BurnRates.Judge("prod", "labels", new ServiceObjective(), window =>
            window <= TimeSpan.FromHours(1) ? new ServingCounts(1_000, 50, 0, 950) : new ServingCounts(1_000_000, 50, 0, 999_950)
        );

        AlertSighting found = FleetSource.Of(new FleetDelta(Now, Now, [], []), standings, AlertRules.Default, new PriceOptions());

        AlertCondition burning = Assert.Single(found.Conditions, one => one.Rule is "burnFast" or "burnSlow");
        Assert.Equal(("burnFast", "availability of labels in prod", 50d), (burning.Rule, burning.Subject, burning.Value));
        Assert.Equal(new AlertAbout("labels", Environment: "prod"), burning.About);
        Assert.Contains("50 of 1000 requests of 1 hours were bad: the budget burns 50 times", burning.Summary);
    }

    /// <summary>36 s of processors and 18 s of a GPU in a minute, at 0.1 and 2 an hour, are 0.66 an hour.</summary>
    [Theory]
    [InlineData(0.65, 0.1, 2, true, 0.66)]
    [InlineData(0.67, 0.1, 2, false, 0.66)]
    [InlineData(null, 0.1, 2, false, 0.66)] // nobody has set a limit
    [InlineData(0.65, 0.1, 0, false, 0)] // nor here a price
    public void ModelsThatCostMoreThanTheyMay_AreACondition(
        double? limit,
        double perProcessorHour,
        double perGpuHour,
        bool isActive,
        double anHour
    )
    {
        FleetDelta delta = new(Now.AddMinutes(-1), Now, [], [], new ModelTime(TimeSpan.FromSeconds(36), TimeSpan.FromSeconds(18)));
        AlertRules rules = new(1, new Dictionary<string, AlertRuleChange> { ["cost"] = new(Limit: limit) });
        PriceOptions prices = new() { PerProcessorHour = perProcessorHour, PerGpuHour = perGpuHour };

        AlertCondition cost = Condition(FleetSource.Of(delta, [], rules, prices), "cost", "models");

        Assert.Equal(isActive, cost.Active);
        Assert.Equal(anHour, cost.Value!.Value, 9);
    }

    private static AlertCondition Condition(AlertSighting found, string rule, string subject) =>
        Assert.Single(found.Conditions, one => one.Rule == rule && one.Subject == subject);
}
