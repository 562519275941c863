using Serverless.Statistics;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Intervals;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Judging;

/// <summary>The gates of quality: metrics against their thresholds and against what serves, over all items and in slices.</summary>
/// <param name="serving">Null where nothing can be compared to.</param>
/// <param name="servingFault">Why what serves could not be tried.</param>
internal sealed class MetricGates(
    ValidationFacts facts,
    ValidationOptions options,
    IReadOnlyList<GoldenItem> golden,
    IReadOnlyList<ItemAnswer> candidate,
    IReadOnlyList<ItemAnswer>? serving,
    TrialFault? servingFault
)
{
    /// <summary>Resamples come from a fixed seed, so that judging again gives the same.</summary>
    private const int Seed = 1;

    private readonly Bootstrap _bootstrap = new(options.Gates.Replicates, Seed);

    public MetricFinding Measure(GoldenScore score)
    {
        MetricBounds bounds = options.BoundsOf(facts.Model, score.Key);
        if (serving is null)
        {
            Metric alone = score.Of(candidate);
            return new(score.Key, alone.Name, Estimate(alone), null, null, bounds.Threshold, bounds.Margin, bounds.SliceMargin);
        }
        PairedMetric pair = new(score.Of([.. candidate, .. serving]));
        return new(
            score.Key,
            pair.Candidate.Name,
            Estimate(pair.Candidate),
            Estimate(pair.Serving),
            Estimate(pair.Difference),
            bounds.Threshold,
            bounds.Margin,
            bounds.SliceMargin
        );
    }

    public IEnumerable<Gate> Judge(MetricFinding found)
    {
        Interval own = found.Candidate;
        string range = $"{own.Value:0.000} ({own.Low:0.000} to {own.High:0.000})";
        bool reaches = own.Low >= found.Threshold;
        yield return new Gate(
            found.Name,
            reaches,
            range,
            $"a lower end of at least {found.Threshold:0.###}",
            $"{Capital(found.Name)} over {golden.Count} items is {own.Value:0.000}, between {own.Low:0.000} and {own.High:0.000} "
                + $"with {options.Gates.Confidence:0.#%} confidence; {(reaches ? "wanted is" : "that does not safely reach the")} "
                + $"{found.Threshold:0.###}."
        );
        yield return Compare(found);
    }

    public IReadOnlyList<SliceFinding> Compare(GoldenScore score, MetricFinding found)
    {
        Metric alone = score.Of(candidate);
        // A slice in which nothing was to be found says nothing.
        Slice[] slices = [.. GoldenSlices.Of(golden).Where(s => !double.IsNaN(alone.Of(s.Items).Evaluate()))];
        if (serving is null)
        {
            return
            [
                .. slices.Select(s => new SliceFinding(
                    s.Field,
                    s.Value,
                    s.Items.Count,
                    false,
                    alone.Of(s.Items).Evaluate(),
                    new(0, 0, 0),
                    1,
                    false
                )),
            ];
        }
        SliceComparison comparison = new()
        {
            Margin = found.SliceMargin,
            MinItems = options.Gates.MinSliceItems,
            FalseAlarmRate = options.Gates.SliceFalseAlarmRate,
            Confidence = options.Gates.Confidence,
            Replicates = options.Gates.Replicates,
            Seed = Seed,
        };
        (bool, bool)[]? right = score.IsRight is not { } isRight
            ? null
            : [.. candidate.Zip(serving).Select((a, i) => (isRight(i, a.First), isRight(i, a.Second)))];
        return
        [
            .. comparison
                .Compare(new PairedMetric(score.Of([.. candidate, .. serving])), right, slices)
                .Select(s => s with { Difference = Known(s.Difference) }),
        ];
    }

    public IEnumerable<Gate> Judge(MetricFinding found, IReadOnlyList<SliceFinding> slices)
    {
        if (serving is null || slices.Count == 0)
        {
            yield break;
        }
        string wanted = $"no loss of more than {found.SliceMargin:0.###} in a slice that chance does not explain";
        SliceFinding[] worse = [.. slices.Where(s => s.Worse).OrderBy(s => s.Difference.Value)];
        int judged = slices.Count(s => s.Judged);
        if (worse.Length == 0)
        {
            yield return new Gate(
                "slices",
                true,
                $"none of {judged} worse",
                wanted,
                $"None of {judged} slices is worse than in version {facts.Serving}, which "
                    + $"serves{(judged < slices.Count ? $"; {slices.Count - judged} more are too small to be judged" : "")}."
            );
        }
        foreach (SliceFinding slice in worse)
        {
            yield return new Gate(
                $"slice: {slice.Field} {slice.Value}",
                false,
                $"{slice.Difference.Value:+0.000;−0.000}",
                wanted,
                $"In the slice {slice.Field} '{slice.Value}', {slice.Items} items, {found.Name} fell from "
                    + $"{slice.Candidate - slice.Difference.Value:0.000} in version {facts.Serving}, which serves, to "
                    + $"{slice.Candidate:0.000}; a loss of {found.SliceMargin:0.###} is allowed, and chance explains such a loss in any "
                    + $"of {judged} slices with a probability of {slice.P:0.####} only."
            );
        }
    }

    private Gate Compare(MetricFinding found)
    {
        string name = $"{found.Name} compared",
            wanted = $"a loss of {found.Margin:0.###} or more ruled out";
        if (found.Difference is not { } difference)
        {
            return new Gate(
                name,
                true,
                "nothing to compare with",
                wanted,
                servingFault is not null
                    ? $"Version {facts.Serving}, which serves, could not be tried itself ({servingFault.Message}), so that the "
                        + $"thresholds alone decide."
                    : $"Nothing else serves {facts.Model} in {facts.Environment}, so that the thresholds alone decide."
            );
        }
        string range = $"{difference.Value:+0.000;−0.000} ({difference.Low:+0.000;−0.000} to {difference.High:+0.000;−0.000})";
        if (difference is { Value: 0, Low: 0, High: 0 })
        {
            return new Gate(
                name,
                true,
                range,
                wanted,
                $"{Capital(found.Name)} is that of version {facts.Serving}, which serves, over any part of the {golden.Count} "
                    + $"items: none of them tells the two apart."
            );
        }
        string against = $"{Capital(found.Name)} differs by {range} from that of version {facts.Serving}, which serves";
        return NonInferiority.Judge(difference, found.Margin) switch
        {
            ComparisonVerdict.NotWorse => new Gate(
                name,
                true,
                range,
                wanted,
                $"{against}: a loss of {found.Margin:0.###} or more is ruled out."
            ),
            ComparisonVerdict.Worse => new Gate(
                name,
                false,
                range,
                wanted,
                $"{against}: it is worse, and may be so by {found.Margin:0.###} or more."
            ),
            _ => new Gate(
                name,
                false,
                range,
                wanted,
                $"{against}: {golden.Count} items are too few to rule a loss of {found.Margin:0.###} out. A larger golden set can tell."
            ),
        };
    }

    private Interval Estimate(Metric metric) => Known(_bootstrap.Estimate(metric, options.Gates.Confidence));

    /// <summary>
    /// What cannot be told, such as the precision where nothing is to be found, counts as the worst; JSON has no word for it either.
    /// </summary>
    private static Interval Known(Interval found)
    {
        double value = double.IsNaN(found.Value) ? 0 : Math.Round(found.Value, 6);
        return new(
            value,
            double.IsNaN(found.Low) ? value : Math.Round(found.Low, 6),
            double.IsNaN(found.High) ? value : Math.Round(found.High, 6)
        );
    }

    /// <summary>nDCG and mAP are written so.</summary>
    private static string Capital(string name) => char.IsUpper(name[1]) ? name : char.ToUpperInvariant(name[0]) + name[1..];
}
