using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Runs;

public sealed class RunFilterTests
{
    private static readonly RunEntry Sought = RunsOf.Run("promotion-prod-1", 5, RunStatus.Failed, "PromoteModel") with
    {
        Outcome = "rolled back",
        Parent = "retrain-1",
        Tags = ["model:entities/2", "environment:prod"],
        Input = """{"Note":"Größe"}""",
        Output = "out",
        CustomStatus = "stage-x",
        Failure = "It broke.",
    };

    public static TheoryData<RunFilter> Admitting =>
        [
            new RunFilter(),
            new RunFilter { Statuses = [RunStatus.Running, RunStatus.Failed] },
            new RunFilter { Outcomes = ["Rolled Back"] },
            new RunFilter { Names = ["promotemodel"] },
            new RunFilter { IdPrefix = "promotion-" },
            new RunFilter { Parent = "retrain-1" },
            new RunFilter { From = Sought.Created, To = Sought.Created.AddTicks(1) },
            new RunFilter { Tags = ["environment:prod", "model:entities/2"] },
            new RunFilter { Text = "GRÖSSE".Replace("SS", "ß", StringComparison.Ordinal) },
            new RunFilter { Text = "OUT" },
            new RunFilter { Text = "stage-X" },
            new RunFilter { Text = "broke" },
            new RunFilter { Text = "prod-1" },
        ];

    public static TheoryData<RunFilter> Refusing =>
        [
            new RunFilter { Statuses = [RunStatus.Running] },
            new RunFilter { Outcomes = ["rejected"] },
            new RunFilter { Names = ["Promote"] },
            new RunFilter { IdPrefix = "Promotion" },
            new RunFilter { Parent = "retrain-2" },
            new RunFilter { From = Sought.Created.AddTicks(1) },
            new RunFilter { To = Sought.Created },
            new RunFilter { Tags = ["environment:prod", "model:entities/3"] },
            new RunFilter { Text = "nowhere" },
        ];

    [Theory, MemberData(nameof(Admitting))]
    public void Accepts_ARun_ThatHasAllThatIsAsked(RunFilter filter) => Assert.True(filter.Admits(Sought));

    [Theory, MemberData(nameof(Refusing))]
    public void Rejects_ARun_ThatLacksOne(RunFilter filter) => Assert.False(filter.Admits(Sought));

    [Theory]
    [InlineData("failed", "a")]
    [InlineData("quarantined", "b")]
    [InlineData("rejected", "c")]
    [InlineData("rolled back", "d")]
    [InlineData("FAILED,quarantined,rejected,rolled back", "a b c d")]
    public void EachWayToFail_IsFoundByItsOutcome_AndCounted(string outcomes, string expected)
    {
        RunEntry[] runs =
        [
            RunsOf.Run("a", status: RunStatus.Failed),
            RunsOf.Run("b") with
            {
                Outcome = "quarantined",
            },
            RunsOf.Run("c") with
            {
                Outcome = "rejected",
            },
            RunsOf.Run("d", status: RunStatus.Failed) with
            {
                Outcome = "rolled back",
            },
            RunsOf.Run("e"),
        ];
        RunFilter filter = new() { Outcomes = outcomes.Split(',') };

        Assert.Equal(expected.Split(' '), runs.Where(filter.Admits).Select(run => run.Id));
        RunSummary summary = new RunCounter(filter).Count(runs);
        Assert.All(filter.Outcomes, outcome => Assert.Equal(1, summary.Outcomes[outcome]));
        Assert.Equal(outcomes.Contains("failed", StringComparison.OrdinalIgnoreCase) ? 4 : 3, summary.Outcomes.Count);
    }

    [Fact]
    public void Rejects_WhatTheRunStoreHasForgotten() => Assert.False(new RunFilter().Admits(Sought with { IsPurged = true }));
}
