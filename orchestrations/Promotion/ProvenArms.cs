using Serverless.Registry;
using Serverless.Rollout.Experiments;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// Keeps out of experiments what the environment's plan would have looked at first: their arms meet as many callers as somebody wishes.
/// </summary>
internal static class ProvenArms
{
    public static ArmGuard Of(PromotionPlans plans, DeploymentHistory history) =>
        async (design, cancellationToken) =>
        {
            PromotionPlan plan = plans[design.Environment];
            if (!plan.Validation && plan.Approval is null)
            {
                return null;
            }
            HashSet<int?> served =
            [
                .. (await history.ListAsync(design.Environment, design.Model, cancellationToken)).Select(record => record.Version),
            ];
            return design.Arms.FirstOrDefault(arm => !served.Contains(arm.Version)) is { } unproven
                ? $"Version {unproven.Version} of '{design.Model}' has never served in {design.Environment}, whose plan asks for "
                    + $"{(plan.Approval is null ? "validation" : plan.Validation ? "validation and approval" : "approval")} first: "
                    + "POST /api/promotions."
                : null;
        };
}
