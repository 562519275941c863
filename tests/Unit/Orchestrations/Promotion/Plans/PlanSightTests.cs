using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Orchestrations.Promotion;
using Serverless.Rollout.Guards;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion.Plans;

public sealed partial class PlanSightTests
{
    [Fact]
    public void Warnings_OfTheDefaultPlanOfProd_AreNone() =>
        Assert.Empty(PlanSight.Warnings(new PromotionPlans(new PromotionOptions())["prod"]));

    [Theory]
    [InlineData(0), InlineData(20), InlineData(60)]
    public void Warnings_NameWhatAStepPasses_AndHowManyRequestsItTakes(int requests)
    {
        string warning = Assert.Single(PlanSight.Warnings(Plan(requests)));

        Assert.StartsWith($"canary 50 %: {requests} requests cannot show ", warning, StringComparison.Ordinal);
        int needed = int.Parse(Needed().Match(warning).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        Assert.Empty(PlanSight.Warnings(Plan(needed)));
    }

    /// <summary>Whoever allows that a fifth of the requests fail wants to know of two fifths.</summary>
    [Fact]
    public void Warnings_GoByTheLimitsOfThePlan()
    {
        PromotionPlan plan = Plan(30) with
        {
            Guards = new GuardLimits { ErrorMargin = 0.2, LatencyRatio = null },
        };

        Assert.StartsWith("canary 50 %: 30 requests cannot show failures of 40 %; ", Assert.Single(PlanSight.Warnings(plan)));
        Assert.Empty(PlanSight.Warnings(plan with { Guards = plan.Guards with { ErrorMargin = null } }));
    }

    [Fact]
    public void Warnings_OfAShadow_AreOfItsMirroredRequests()
    {
        PromotionPlan plan = new() { Shadow = new ShadowStep { MinRequests = 20 } };

        Assert.StartsWith(
            "shadow: 20 requests cannot show failures of 10 %, other answers to 10 %; about ",
            Assert.Single(PlanSight.Warnings(plan))
        );
    }

    private static PromotionPlan Plan(int requests) => new() { Canary = [new CanaryStep { Weight = 0.5, MinRequests = requests }] };

    [GeneratedRegex(@"; about (\d+) can\.\z")]
    private static partial Regex Needed();
}
