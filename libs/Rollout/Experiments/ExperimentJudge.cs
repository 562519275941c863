using System.Globalization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Experiments;

/// <summary>What an experiment's numbers say. Pure.</summary>
public static class ExperimentJudge
{
    /// <summary>
    /// A mismatch is a fault of the experiment, so that only strong evidence counts (Fabijan et al. 2019 use p below 0.001).
    /// </summary>
    private const double SampleRatioAlpha = 0.001;

    private const int LeastOutcomes = 25;

    public static ExperimentVerdict Judge(ExperimentRecord experiment, ExperimentTally tally, DateTimeOffset at, bool truncated)
    {
        ExperimentDesign design = experiment.Design;
        IReadOnlyList<ExperimentArm> arms = experiment.Epochs.Count > 0 ? experiment.Epochs[^1].Arms : design.Arms;
        string control = arms[0].Name;
        int pairs = arms.Count - 1;
        ArmComparison[] comparisons =
        [
            .. arms.Skip(1)
                .Select(arm => Compare(design, tally.Of(control), tally.Of(arm.Name), design.Alpha / pairs, arm.Name, control))
                .Select(pair => pair with { WithinDelta = IsWithinDelta(design, tally, pair, design.Alpha / pairs) }),
        ];
        SampleRatio ratio = RatioOf(tally.SampleRatioEvidence(experiment.Epochs));
        SliceEffect[] slices =
        [
            .. tally.Slices.SelectMany(slice =>
                arms.Skip(1)
                    .Select(arm =>
                        SliceOf(
                            design,
                            tally,
                            slice,
                            Compare(
                                design,
                                tally.Of(control, slice),
                                tally.Of(arm.Name, slice),
                                design.Alpha / (pairs * ExperimentTally.MaxSlices),
                                arm.Name,
                                control
                            )
                        )
                    )
            ),
        ];
        string? winner = ratio.Trusted ? comparisons.Where(pair => pair.Better).MaxBy(pair => Math.Abs(pair.Difference))?.Arm : null;
        return new ExperimentVerdict(
            at,
            Conclude(design, comparisons, ratio, winner),
            winner,
            [.. arms.Select(arm => Summarise(arm, tally))],
            comparisons,
            ratio,
            slices,
            truncated,
            tally.Unjoined
        );
    }

    private static ArmComparison Compare(
        ExperimentDesign design,
        MeanTally control,
        MeanTally arm,
        double alpha,
        string name,
        string controlName
    )
    {
        ConfidenceBounds interval = design.Adaptive
            ? DifferenceSequence.BetweenAdaptive(control, arm, design.Effect, alpha)
            : DifferenceSequence.Between(control, arm, design.Effect, alpha);
        bool different = interval.Excludes(0);
        double difference = control.Count == 0 || arm.Count == 0 ? 0 : arm.Mean - control.Mean;
        bool moreIsBetter = design.Metric is ExperimentMetric.Feedback or ExperimentMetric.Score;
        return new ArmComparison(
            name,
            controlName,
            difference,
            Finite(interval.Low),
            Finite(interval.High),
            different,
            different && (difference > 0) == moreIsBetter
        );
    }

    private static bool IsWithinDelta(ExperimentDesign design, ExperimentTally tally, ArmComparison pair, double alpha)
    {
        if (design.Delta is not { } delta)
        {
            return false;
        }
        (Rate control, Rate arm) = (RateOf(tally.Of(pair.Control)), RateOf(tally.Of(pair.Arm)));
        // An interval errs to either side with half of the error rate; the other half is the exact test's.
        return (tally.IsRate && EquivalenceTest.Holds(control, arm, delta, alpha / 2))
            || (
                (!tally.IsRate || (IsSettled(control) && IsSettled(arm)))
                && pair is { Low: { } low, High: { } high }
                && EquivalenceTest.Holds(new ConfidenceBounds(low, high), delta)
            );
    }

    /// <summary>Whether there are so many of both outcomes that a mean of them is about normal.</summary>
    private static bool IsSettled(Rate rate) => Math.Min(rate.Bad, rate.Total - rate.Bad) >= LeastOutcomes;

    private static Rate RateOf(MeanTally values) => new((long)Math.Round(values.Mean * values.Count), values.Count);

    private static SliceEffect SliceOf(ExperimentDesign design, ExperimentTally tally, string slice, ArmComparison pair) =>
        new(
            slice,
            pair.Arm,
            tally.Of(pair.Arm, slice).Count + tally.Of(design.Arms[0].Name, slice).Count,
            pair.Difference,
            pair.Low,
            pair.High,
            pair.Different,
            pair.Better
        );

    private static SampleRatio RatioOf(double evidence) => new(Math.Min(1, Math.Exp(-evidence)), evidence < Math.Log(1 / SampleRatioAlpha));

    private static ArmSummary Summarise(ExperimentArm arm, ExperimentTally tally)
    {
        MeanTally values = tally.Of(arm.Name);
        return new ArmSummary(
            arm.Name,
            arm.Version,
            arm.Weight,
            tally.Requests(arm.Name),
            values.Count,
            values.Mean,
            Math.Sqrt(values.Variance)
        );
    }

    private static string Conclude(ExperimentDesign design, ArmComparison[] pairs, SampleRatio ratio, string? winner)
    {
        if (!ratio.Trusted)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The arms do not get the callers that they are meant to get (p = {ratio.PValue:0.#####}): find out who is lost "
                    + $"before trusting any of these numbers."
            );
        }
        if (winner is not null)
        {
            ArmComparison pair = pairs.First(pair => pair.Arm == winner);
            string minded = pair.WithinDelta ? FormattableString.Invariant($" That is less than {design.Delta}.") : "";
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Arm {winner} is better than {pair.Control}: by {Math.Abs(pair.Difference):0.####}, between {pair.Low:0.####} "
                    + $"and {pair.High:0.####} in the metric.{minded}"
            );
        }
        string[] said =
        [
            .. Name(pairs, pair => pair.Different, $"Worse than {pairs[0].Control}: "),
            .. Name(
                pairs,
                pair => !pair.Different && pair.WithinDelta,
                string.Create(CultureInfo.InvariantCulture, $"No difference to {pairs[0].Control} larger than {design.Delta}: ")
            ),
        ];
        return said.Length > 0 ? string.Join(' ', said) : "No difference is shown yet.";
    }

    private static IEnumerable<string> Name(ArmComparison[] pairs, Func<ArmComparison, bool> applies, string what) =>
        pairs.Any(applies) ? [$"{what}{string.Join(", ", pairs.Where(applies).Select(pair => pair.Arm))}."] : [];

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
