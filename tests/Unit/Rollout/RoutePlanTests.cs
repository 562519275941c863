using Serverless.Rollout;
using Xunit;

namespace Serverless.Unit.Rollout;

public sealed class RoutePlanTests
{
    private static readonly RolloutRecord Idle = RolloutRecord.Idle("prod", "labels", 3) with { Revision = 5, Salt = "promotion-1" };

    [Fact]
    public void Choose_WithoutARecord_FollowsTheAlias()
    {
        RoutePlan plan = RoutePlan.Of("prod", "labels", alias: 4, record: null)!;

        Assert.Equal(new Route(4, "stable", null, 0), Choose(plan, "key"));
    }

    [Fact]
    public void Choose_AKeyInTheCanary_StaysThereAsTheWeightGrows()
    {
        string[] keys = [.. Enumerable.Range(0, 5_000).Select(i => $"user-{i}")];

        HashSet<string> before = [];
        foreach (double weight in (double[])[0, 0.01, 0.1, 0.5, 1])
        {
            RoutePlan plan = Plan(Idle with { Canary = new CanaryArm(4, weight) });
            HashSet<string> canary = [.. keys.Where(key => Choose(plan, key).Arm == "canary")];

            Assert.Subset(canary, before);
            Assert.InRange(canary.Count / (double)keys.Length, weight - 0.02, weight + 0.02);
            before = canary;
        }
        Assert.Equal(keys.Length, before.Count);
    }

    [Fact]
    public void Choose_InAnExperiment_DealsByWeight()
    {
        RoutePlan plan = Plan(Idle with { Experiment = new("e1", [new("a", 3, 0.2), new("b", 4, 0.3), new("c", 5, 0.5)]) });

        var counts = Enumerable
            .Range(0, 10_000)
            .Select(i => Choose(plan, $"user-{i}"))
            .GroupBy(route => (route.Arm, route.Version, route.Experiment));

        Assert.All(counts, group =>
            Assert.InRange(group.Count(), 10_000 * Weight(group.Key.Arm) - 250, 10_000 * Weight(group.Key.Arm) + 250)
        );
        Assert.Equal([("a", 3, "e1"), ("b", 4, "e1"), ("c", 5, "e1")], counts.Select(group => group.Key).Order());

        static double Weight(string arm) =>
            arm switch
            {
                "a" => 0.2,
                "b" => 0.3,
                _ => 0.5,
            };
    }

    [Fact]
    public void Choose_OnceTheAliasNamesAnother_SendsAllTraffic_There()
    {
        RoutePlan plan = RoutePlan.Of("prod", "labels", alias: 2, Idle with { Canary = new(4, 1), Shadow = new(4) })!;

        Assert.Equal(new Route(2, "stable", null, 5), Choose(plan, "key"));
    }

    [Theory]
    [InlineData("stable", 3), InlineData("canary", 4)]
    public void Choose_WithAnOverride_TakesThatArm_AndIsNoEvidenceAboutIt(string arm, int version)
    {
        RoutePlan plan = Plan(Idle with { Canary = new(4, 0.5), Shadow = new(4) });

        Route route = plan.Choose("key", arm, 0, 0);

        Assert.Equal(new Route(version, "forced", null, 5), route);
    }

    [Theory]
    [InlineData(0, "stable", 3, 4)]
    [InlineData(1, "canary", 4, 3)] // what the shadowed version answers itself is mirrored to the stable one
    public void Choose_WithAShadow_MirrorsToTheOtherOfTheTwo(double weight, string arm, int version, int shadow)
    {
        RoutePlan plan = Plan(Idle with { Canary = new(4, weight), Shadow = new(4) });

        Assert.Equal(new Route(version, arm, shadow, 5), Choose(plan, "key"));
    }

    [Fact]
    public void Choose_AnArmThatIsNotThere_SaysWhichAre()
    {
        RoutePlan plan = Plan(Idle with { Canary = new(4, 0.5) });

        var fault = Assert.Throws<UnknownArmException>(() => plan.Choose("key", "b", 0, 0));

        Assert.Equal("Model 'labels' has no arm 'b' now; allowed are stable, canary.", fault.Message);
    }

    [Fact]
    public void Versions_AreThoseARequestMayMeet()
    {
        Assert.Equal([3, 4, 5], Plan(Idle with { Canary = new(4, 0), Shadow = new(5) }).Versions);
        Assert.Equal([3, 4], Plan(Idle with { Experiment = new("e", [new("a", 3, 0.5), new("b", 4, 0.5)]) }).Versions);
    }

    [Theory]
    [InlineData(1.5, "The canary's weight is 1.5; allowed are 0 to 1.")]
    [InlineData(double.NaN, "The canary's weight is NaN; allowed are 0 to 1.")]
    public void Rejects_WeightsThatAreNone(double weight, string problem) =>
        Assert.Equal([problem], (Idle with { Canary = new(4, weight) }).Validate());

    [Fact]
    public void Rejects_ExperimentsThatDoNotAddUp() =>
        Assert.Equal(
            ["Two arms of the experiment 'e' have the same name.", "The weights of the experiment 'e' sum to 0.9; they must sum to 1."],
            (Idle with { Experiment = new("e", [new("a", 3, 0.4), new("a", 4, 0.5)]) }).Validate()
        );

    [Theory, InlineData("stable"), InlineData("canary"), InlineData("pinned"), InlineData("forced")]
    public void Rejects_AnExperimentsArmOfANameWithAMeaning(string arm) =>
        Assert.Equal(
            [$"An arm is named '{arm}', which has a meaning of its own."],
            (Idle with { Experiment = new("e", [new(arm, 3, 0.5), new("b", 4, 0.5)]) }).Validate()
        );

    private static RoutePlan Plan(RolloutRecord record) => RoutePlan.Of("prod", "labels", alias: 3, record)!;

    private static Route Choose(RoutePlan plan, string key) => plan.Choose(key, null, 0, 0);
}
