using System.Globalization;

namespace Serverless.Orchestrations.Promotion;

internal static class StepNames
{
    public const string Turn = "turn";
    public const string Checks = "checks";
    public const string Validation = "validation";
    public const string Shadow = "shadow";
    public const string Approval = "approval";
    public const string AnyCanary = "canary";
    public const string Alias = "alias";

    public static string Canary(CanaryStep step) => string.Create(CultureInfo.InvariantCulture, $"{AnyCanary} {step.Weight * 100:0.###} %");

    public static bool IsCanary(string name) => name.StartsWith(AnyCanary, StringComparison.Ordinal);

    /// <summary>A step's name where no space may be: "canary-10-percent".</summary>
    public static string PathOf(string name) => name.Replace(' ', '-').Replace("%", "percent", StringComparison.Ordinal);

    /// <summary>The steps of a plan in their order, and in their place those that it does without.</summary>
    public static IEnumerable<(string Name, bool IsWaived)> Of(PromotionPlan plan) =>
        [
            (Turn, false),
            (Checks, false),
            (Validation, !plan.Validation),
            (Shadow, plan.Shadow is null),
            (Approval, plan.Approval is null),
            .. plan.Canary.Count == 0 ? [(AnyCanary, true)] : plan.Canary.Select(step => (Canary(step), false)),
            (Alias, false),
        ];
}
