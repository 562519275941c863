namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// The plans of environments that are not configured otherwise: dev takes what is valid, qa tries it on half of its traffic, and every
/// other environment goes the whole way.
/// </summary>
internal static class PromotionDefaults
{
    public static readonly IReadOnlyList<string> Environments = ["dev", "qa", "prod"];

    public static PromotionPlan Of(string environment) =>
        environment switch
        {
            "dev" => new PromotionPlan(),
            "qa" => new PromotionPlan { Canary = [Step(0.5, minutes: 1, requests: 0), Step(1, minutes: 1, requests: 0)] },
            _ => new PromotionPlan
            {
                Shadow = new ShadowStep { Bake = TimeSpan.FromMinutes(10), MinRequests = 250 },
                Approval = new ApprovalStep(),
                Canary = [Step(0.01, 10, 100), Step(0.1, 10, 200), Step(0.5, 10, 500), Step(1, 10, 500)],
            },
        };

    private static CanaryStep Step(double weight, int minutes, int requests) =>
        new()
        {
            Weight = weight,
            Bake = TimeSpan.FromMinutes(minutes),
            MinRequests = requests,
        };
}
