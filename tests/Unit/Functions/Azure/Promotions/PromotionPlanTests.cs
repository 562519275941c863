using System.Text.Json;
using Serverless.Functions.Azure.Promotions;
using Serverless.Orchestrations.Promotion;
using Serverless.Rollout.Guards;
using Serverless.Serving.Objectives;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Promotions;

/// <summary>A candidate may miss neither the plan's own limits nor its model's objective, whichever is stricter.</summary>
public sealed class PromotionPlanTests
{
    private static readonly ObjectiveOptions Objectives = new()
    {
        Models =
        {
            ["labels"] = new ServiceObjective { Availability = 0.99, LatencyMilliseconds = 500 },
            ["patient"] = new ServiceObjective { Availability = 0.9, InTime = 0.9 },
        },
    };

    [Theory]
    [InlineData("labels", "{}", 0.01, 500.0)]
    [InlineData("labels", """{ "guards": { "maxErrorShare": 0.002, "maxP95Milliseconds": 40 } }""", 0.002, 40.0)]
    [InlineData("labels", """{ "guards": { "maxErrorShare": 0.2, "maxP95Milliseconds": 4000 } }""", 0.01, 500.0)]
    [InlineData("patient", "{}", 0.1, null)] // 9 of 10 in time say nothing of p95
    [InlineData("other", "{}", null, null)]
    public void PlanFor_HoldsACandidateToItsModelsObjective(string model, string plan, double? errors, double? milliseconds)
    {
        GuardLimits guards = PromotionRequest
            .PlanFor(new PromotionPlans(new PromotionOptions()), Objectives, model, "prod", JsonDocument.Parse(plan).RootElement)
            .Guards;

        Assert.Equal(errors, guards.MaxErrorShare is { } share ? Math.Round(share, 6) : null);
        Assert.Equal(milliseconds, guards.MaxP95Milliseconds);
    }

    /// <summary>Also of a model without an objective of its own, and whatever a request says.</summary>
    [Theory]
    [InlineData("labels", "{}", 0.144, 0.144, 500.0)]
    [InlineData("patient", "{}", 1.0, 1.0, 1_000.0)] // 1.44 of all is more than all
    [InlineData("other", "{}", 0.0144, 0.144, 1_000.0)]
    [InlineData(
        "other",
        """{ "guards": { "burn": { "failedShare": 1, "slowShare": 1, "slowMilliseconds": 9000 } } }""",
        0.0144,
        0.144,
        1_000.0
    )]
    public void PlanFor_LetsNoCandidateBurnABudgetFast(string model, string plan, double failed, double slow, double milliseconds)
    {
        BurnLimits burn = PromotionRequest
            .PlanFor(new PromotionPlans(new PromotionOptions()), Objectives, model, "prod", JsonDocument.Parse(plan).RootElement)
            .Guards.Burn!;

        Assert.Equal((failed, slow, milliseconds), (Math.Round(burn.FailedShare, 6), Math.Round(burn.SlowShare, 6), burn.SlowMilliseconds));
    }
}
