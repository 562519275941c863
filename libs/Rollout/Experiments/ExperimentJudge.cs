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

    public static ExperimentVerdict Judge(ExperimentRecord experiment, ExperimentTally tally, DateTimeOffset at, bool truncated)
    {
        ExperimentDesign design = experiment.Design;
        IReadOnlyList<ExperimentArm> arms = experiment.Epochs.Count > 0 ? experiment.Epochs[^1].Arms : design.Arms;
        string control = arms[0].Name;
        int pairs = arms.Count - 1;
        ArmComparison[] comparisons =
        [
            .. arms.Skip(1).Select(arm => Compare(design, tally.Of(control), tally.Of(arm.Name), design.Alpha / pairs, arm.Name, control)),
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
            Conclude(comparisons, ratio, winner),
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

    private static string Conclude(ArmComparison[] pairs, SampleRatio ratio, string? winner)
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
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Arm {winner} is better than {pair.Control}: by {Math.Abs(pair.Difference):0.####}, between {pair.Low:0.####} "
                    + $"and {pair.High:0.####} in the metric."
            );
        }
        string[] worse = [.. pairs.Where(pair => pair.Different).Select(pair => pair.Arm)];
        return worse.Length > 0 ? $"Worse than {pairs[0].Control}: {string.Join(", ", worse)}." : "No difference is shown yet.";
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
