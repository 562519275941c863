using Serverless.Drift.Summaries;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Sequential;

namespace Serverless.Drift.Checks;

/// <summary>What came of comparing two windows.</summary>
/// <param name="Streams">Features that were tested.</param>
/// <param name="Threshold">Evidence from which on a feature alarms.</param>
/// <param name="LooksBetweenFalseAlarms">Of the model, on average and at least, where nothing shifts.</param>
/// <param name="Sums">Evidence after this look; 0 after an alarm.</param>
public sealed record DriftJudgement(
    IReadOnlyList<FeatureFinding> Findings,
    int Streams,
    double Threshold,
    double LooksBetweenFalseAlarms,
    IReadOnlyDictionary<string, double> Sums
)
{
    public DriftVerdict Verdict => Findings.Select(finding => finding.Verdict).DefaultIfEmpty().Max();
}

/// <summary>
/// Compares two windows slice by slice and feature by feature. A shift needs a difference that is larger than the limit and significant
/// when all features are tested together. An alarm needs, beside, evidence of this and earlier looks that chance would hardly bring within
/// the horizon in any feature: <see cref="RepeatedLooks"/>. Pure.
/// </summary>
public static class DriftJudge
{
    /// <param name="isPartial">
    /// Whether the reference has not all that callers send, as a golden set: what it never has is not compared.
    /// </param>
    public static DriftJudgement Judge(
        TrafficSummary reference,
        TrafficSummary current,
        DriftLimits limits,
        DriftEvidence evidence,
        bool isPartial = false
    )
    {
        SlicePair[] pairs =
        [
            .. reference
                .Slices.Keys.Intersect(current.Slices.Keys)
                .Append(TrafficSummary.Whole)
                .Distinct()
                .Order(StringComparer.Ordinal)
                .Select(slice => new SlicePair(slice, SideOf(reference, slice), SideOf(current, slice), limits, isPartial))
                .Where(pair => !IsTheWhole(pair, reference.All, current.All)),
        ];
        (SlicePair Pair, FeatureFinding Finding)[] found = [.. pairs.SelectMany(pair => pair.Compare().Select(finding => (pair, finding)))];
        (SlicePair Pair, FeatureFinding Finding)[] tested = [.. found.Where(one => one.Finding.P is not null)];
        double[] adjusted = Multiplicity.BenjaminiHochberg([.. tested.Select(one => one.Finding.P!.Value)]);
        RepeatedLooks looks = new()
        {
            // Whatever the reference is, looks at it depend on each other.
            Reference = LookReference.Shared,
            FalseAlarmRate = limits.FalseAlarmRate,
            Horizon = limits.Horizon,
            Streams = Math.Max(1, tested.Length),
        };
        List<FeatureFinding> findings = [.. found.Where(one => one.Finding.P is null).Select(one => one.Finding)];
        Dictionary<string, double> sums = [];
        for (int i = 0; i < tested.Length; i++)
        {
            (SlicePair pair, FeatureFinding finding) = tested[i];
            LookEvidence after = looks.Next(new LookEvidence(evidence.Sums.GetValueOrDefault(finding.Stream())), finding.P);
            DriftVerdict verdict = VerdictOf(finding, adjusted[i], looks.IsAlarm(after), limits);
            sums[finding.Stream()] = verdict == DriftVerdict.Alarm ? 0 : after.Sum;
            finding = finding with { AdjustedP = adjusted[i], Evidence = after.Sum, Verdict = verdict };
            bool isShown = verdict >= DriftVerdict.Shifted || pair.Name == TrafficSummary.Whole;
            findings.Add(isShown ? pair.Describe(finding) : finding with { Examples = null });
        }
        return new DriftJudgement(
            [.. findings.OrderByDescending(finding => finding.Verdict).ThenByDescending(finding => finding.Effect)],
            tested.Length,
            looks.Threshold,
            looks.LooksBetweenFalseAlarms / looks.Streams,
            sums
        );
    }

    /// <summary>Evidence of earlier looks alone says nothing of this window, which must itself be shifted.</summary>
    private static DriftVerdict VerdictOf(FeatureFinding finding, double adjusted, bool isAlarm, DriftLimits limits) =>
        finding.Effect < finding.EffectLimit || adjusted > limits.FalseDiscoveryRate ? DriftVerdict.Steady
        : isAlarm ? DriftVerdict.Alarm
        : DriftVerdict.Shifted;

    /// <summary>A slice that holds all predictions of both windows would say everything twice.</summary>
    private static bool IsTheWhole(SlicePair pair, SliceSummary reference, SliceSummary current) =>
        pair.Name != TrafficSummary.Whole && pair.Reference.Answered == reference.Answered && pair.Current.Answered == current.Answered;

    private static SliceSummary SideOf(TrafficSummary traffic, string slice) =>
        slice == TrafficSummary.Whole ? traffic.All : traffic.Slices[slice];
}
