using System.Globalization;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;

namespace Serverless.Orchestrations.Drift.Following;

/// <summary>What alarmed, for people.</summary>
internal static class DriftWords
{
    private const int MaxNamed = 3;

    /// <summary>Why something follows from a report.</summary>
    public static string WhyOf(DriftReport report) => $"Drift report {report.Name}: {SummaryOf([.. report.Alarms()])}.";

    public static string SummaryOf(FeatureFinding[] alarms) =>
        alarms.Length == 0
            ? "No feature differs from the reference any more."
            : string.Join("; ", NamedOf(alarms).Select(Words)) + (alarms.Length > MaxNamed ? $" ({alarms.Length} alarms in all)" : "");

    public static string SummaryOf(QualityComparison worse) =>
        worse.Found!.Value.High < worse.Validated.Value.Low || worse.FoundF1 is null ? AccuracyOf(worse) : F1Of(worse);

    private static string F1Of(QualityComparison worse) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Macro F1 of the labelled answers is {worse.FoundF1!.Value.Value:0.###}, at most {worse.FoundF1.Value.High:0.###}; "
                + $"the validation measured {worse.Validated.MacroF1!.Value.Value:0.###}, "
                + $"at least {worse.Validated.MacroF1.Value.Low:0.###}."
        );

    private static string AccuracyOf(QualityComparison worse) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{worse.Found!.Value.Value:0.#%} of the labelled answers are right, at most {worse.Found.Value.High:0.#%}; "
                + $"the validation measured {worse.Validated.Value.Value:0.#%}, at least {worse.Validated.Value.Low:0.#%}."
        );

    /// <summary>Each feature once, of all predictions where they alarm as well.</summary>
    private static IEnumerable<FeatureFinding> NamedOf(FeatureFinding[] alarms) =>
        alarms.OrderBy(alarm => alarm.Slice != TrafficSummary.Whole).DistinctBy(alarm => alarm.Feature).Take(MaxNamed);

    /// <summary>Of all predictions the feature alone; else of which.</summary>
    public static string NameOf(FeatureFinding finding) =>
        finding.Slice == TrafficSummary.Whole ? finding.Feature : $"{finding.Feature} of {finding.Slice}";

    private static string Words(FeatureFinding finding) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{NameOf(finding)} shifted by {finding.Effect:0.##} (limit {finding.EffectLimit:0.##})"
        );
}
