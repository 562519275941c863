using System.Text.Json;
using Serverless.Orchestrations.Promotion;
using Serverless.Rollout.Guards;
using Serverless.Serving.Objectives;
using Xunit;

namespace Serverless.Unit.Orchestrations.Promotion.Plans;

public sealed class PromotionPlansTests
{
    private static readonly PromotionPlans Plans = new(new PromotionOptions());

    [Theory]
    [InlineData("""{"validation":false}""", "plan.validation is waived")]
    [InlineData("""{"shadow":null}""", "plan.shadow is waived")]
    [InlineData("""{"shadow":{"share":0.5}}""", "plan.shadow.share is 0.5; the environment's plan asks for 1 or more.")]
    [InlineData("""{"shadow":{"bake":"00:00:01"}}""", "plan.shadow.bake is 00:00:01; the environment's plan asks for 00:10:00 or more.")]
    [InlineData("""{"shadow":{"minRequests":0}}""", "plan.shadow.minRequests is 0; the environment's plan asks for 250 or more.")]
    [InlineData("""{"canary":[]}""", "plan.canary has no step of weight 0.01; the environment's plan has one.")]
    [InlineData("""{"watchEvery":"00:00:04"}""", "plan.watchEvery is 00:00:04; the environment's plan allows up to 00:00:02.")]
    [InlineData("""{"guards":{"latencyRatio":3}}""", "plan.guards.latencyRatio is 3; the environment's plan allows up to 1.25.")]
    [InlineData("""{"guards":{"minCosine":0}}""", "plan.guards.minCosine is 0; the environment's plan asks for 0.95 or more.")]
    [InlineData("""{"guards":{"falseAlarmRate":0.0001}}""", "plan.guards.falseAlarmRate is 0.0001")]
    [InlineData("""{"guards":{"goodOutcomeFrom":9}}""", "plan.guards.goodOutcomeFrom is 9; the environment's plan measures by 0.5.")]
    [InlineData("""{"guards":{"goodOutcomeFrom":0}}""", "plan.guards.goodOutcomeFrom is 0; the environment's plan measures by 0.5.")]
    [InlineData("""{"Validation":false,"SHADOW":null}""", "plan.validation is waived")]
    public void With_ALaxerPlan_IsRefused(string request, string message)
    {
        PlanException refused = Assert.Throws<PlanException>(() => With(request));

        Assert.StartsWith("A request can only be stricter than the plan of prod. ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>JSON names its members in any case: "Approval": null took a version to prod that nobody had approved.</summary>
    [Theory]
    [InlineData("""{"approval":null}""")]
    [InlineData("""{"Approval":null}""")]
    [InlineData("""{"APPROVAL":{"required":1,"people":["mallory"]}}""")]
    [InlineData("""{"approva\u006c":null}""")]
    public void With_AnApproval_IsRefused(string request)
    {
        PlanException refused = Assert.Throws<PlanException>(() => With(request));

        Assert.StartsWith("plan.approval is set by the configuration", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_StepsThatTheirNamesDoNotTellApart_IsRefused()
    {
        PlanException refused = Assert.Throws<PlanException>(() =>
            With("""{"canary":[{"weight":0.01},{"weight":0.1},{"weight":0.100001},{"weight":0.5},{"weight":1}]}""")
        );

        Assert.Equal(
            "The plan is wrong. plan.canary[2].weight is 0.100001; it and the step before are both 'canary 10 %'.",
            refused.Message
        );
    }

    [Theory]
    [InlineData(
        """{"guards":{"maxP95Milliseconds":501}}""",
        "plan.guards.maxP95Milliseconds is 501; the environment's plan allows up to 500."
    )]
    [InlineData(
        """{"guards":{"maxErrorShare":null}}""",
        "plan.guards.maxErrorShare is switched off; the environment's plan allows up to 0.01."
    )]
    [InlineData("""{"guards":{"minGoodShare":0.8}}""", "plan.guards.minGoodShare is 0.8; the environment's plan asks for 0.9 or more.")]
    [InlineData("""{"guards":{"minGoodShare":null}}""", "plan.guards.minGoodShare is 0; the environment's plan asks for 0.9 or more.")]
    public void With_LaxerAbsoluteLimits_IsRefused(string request, string message)
    {
        PromotionOptions options = new()
        {
            Plans = { ["prod"] = """{"guards":{"maxP95Milliseconds":500,"maxErrorShare":0.01,"minGoodShare":0.9}}""" },
        };

        PlanException refused = Assert.Throws<PlanException>(() =>
            new PromotionPlans(options).With("prod", JsonDocument.Parse(request).RootElement)
        );

        Assert.EndsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"canary":null}""", "canary is null; expected is a value.")]
    [InlineData("""{"canary":[null]}""", "canary[0] is null; expected is a value.")]
    [InlineData("""{"guards":null}""", "guards is null; expected is a value.")]
    [InlineData("""{"approval":{"people":[null]}}""", "approval.people[0] is null; expected is a value.")]
    public void Configuration_NullWhereNoneBelongs_IsNamed(string plan, string message)
    {
        PromotionOptions options = new() { Plans = { ["prod"] = plan } };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => new PromotionPlans(options));

        Assert.Contains($"Promotion:Plans:prod is no plan. plan.{message}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void With_MoreCaution_IsTaken()
    {
        PromotionPlan plan = With(
            """
            {"shadow":{"bake":"01:00:00"},"guards":{"errorMargin":0.001},"canary":[
              {"weight":0.01,"bake":"00:20:00","minRequests":100},{"weight":0.05},{"weight":0.1,"minRequests":500},
              {"weight":0.5,"minRequests":500},{"weight":1,"minRequests":500}]}
            """
        );

        Assert.Equal((TimeSpan.FromHours(1), 5, 0.001), (plan.Shadow!.Bake, plan.Canary.Count, plan.Guards.ErrorMargin));
    }

    /// <summary>Twenty steps left each with a quarter of the error rate: what the environment's own would have seen passed.</summary>
    [Theory]
    [InlineData(
        """
            {"canary":[{"weight":0.01},{"weight":0.02},{"weight":0.05},{"weight":0.1,"minRequests":500},{"weight":0.5,"minRequests":500},
              {"weight":1,"minRequests":500}]}
            """
    )]
    [InlineData("""{"guards":{"maxErrorShare":0.1,"maxP95Milliseconds":500}}""")]
    public void With_MoreStepsOrLimits_EachTurnsBackAsReadily(string request)
    {
        PromotionPlan environment = Plans["prod"];
        PromotionPlan plan = With(request);

        Assert.Equal(AlphaOf(environment), AlphaOf(plan), 1e-12);
        Assert.True(plan.Guards.FalseAlarmRate > environment.Guards.FalseAlarmRate);
    }

    /// <summary>The objective's limits are tests of their own, which must not make the others blinder.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(
        """
            {"canary":[{"weight":0.01},{"weight":0.02},{"weight":0.05},{"weight":0.1,"minRequests":500},{"weight":0.5,"minRequests":500},
              {"weight":1,"minRequests":500}]}
            """
    )]
    public void Of_AModelWithAnObjective_IsTighter_AndTurnsBackAsReadily(string? request)
    {
        ObjectiveOptions objectives = new() { Models = { ["m"] = new ServiceObjective { Availability = 0.99 } } };
        JsonElement? asked = request is null ? null : JsonDocument.Parse(request).RootElement;

        PromotionPlan plan = Plans.Of(objectives, "m", "prod", asked),
            other = Plans.Of(objectives, "other", "prod", asked);

        Assert.Equal(0.01, plan.Guards.MaxErrorShare!.Value, 1e-9);
        Assert.Equal(1_000, plan.Guards.MaxP95Milliseconds);
        Assert.Null(other.Guards.MaxErrorShare);
        Assert.Equal(AlphaOf(other), AlphaOf(plan), 1e-12);
    }

    private static double AlphaOf(PromotionPlan plan) => new Guardrails(plan.Guards, PlanSight.WatchedSteps(plan)).Alpha;

    private static PromotionPlan With(string request) => Plans.With("prod", JsonDocument.Parse(request).RootElement);
}
