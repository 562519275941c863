using System.Globalization;

namespace Serverless.Orchestrations.Promotion;

internal static class StepNames
{
    public const string Turn = "turn";
    public const string Checks = "checks";
    public const string Validation = "validation";
    public const string Shadow = "shadow";
    public const string Approval = "approval";
    public const string Alias = "alias";

    public static string Canary(CanaryStep step) => string.Create(CultureInfo.InvariantCulture, $"canary {step.Weight * 100:0.###} %");

    /// <summary>A step's name where no space may be: "canary-10-percent".</summary>
    public static string PathOf(string name) => name.Replace(' ', '-').Replace("%", "percent", StringComparison.Ordinal);

    /// <summary>The steps of a plan in their order.</summary>
    public static IEnumerable<string> Of(PromotionPlan plan)
    {
        yield return Turn;
        yield return Checks;
        if (plan.Validation)
        {
            yield return Validation;
        }
        if (plan.Shadow is not null)
        {
            yield return Shadow;
        }
        if (plan.Approval is not null)
        {
            yield return Approval;
        }
        foreach (CanaryStep step in plan.Canary)
        {
            yield return Canary(step);
        }
        yield return Alias;
    }
}
