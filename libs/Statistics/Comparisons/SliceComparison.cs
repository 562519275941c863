using Serverless.Statistics.Intervals;

namespace Serverless.Statistics.Comparisons;

/// <summary>Some of the items, by what they have in common.</summary>
public sealed record Slice(string Field, string Value, IReadOnlyList<int> Items);

/// <param name="P">How likely so large a loss is by chance, corrected for the number of slices that are judged; 1 where the loss is within
/// the margin.</param>
/// <param name="Worse">Whether the loss is larger than the margin and no chance.</param>
public sealed record SliceFinding(
    string Field,
    string Value,
    int Items,
    bool Judged,
    double Candidate,
    Interval Difference,
    double P,
    bool Worse
);

/// <summary>
/// Looks for slices in which the candidate loses more than a margin. A slice is called worse when its loss is above the margin and, all
/// slices being tested together, significant: between equally good versions the chance that any slice is called worse is at most
/// <see cref="FalseAlarmRate"/>, however many slices there are. Slices with fewer than <see cref="MinItems"/> are shown and not judged.
/// </summary>
public sealed record SliceComparison
{
    public required double Margin { get; init; }
    public required int MinItems { get; init; }
    public required double FalseAlarmRate { get; init; }
    public required double Confidence { get; init; }
    public required int Replicates { get; init; }
    public required int Seed { get; init; }

    /// <param name="right">Where answers are right or wrong: which of the candidate's and which of the serving version's are; the exact
    /// test is taken.</param>
    public IReadOnlyList<SliceFinding> Compare(PairedMetric metric, (bool Candidate, bool Serving)[]? right, IReadOnlyList<Slice> slices)
    {
        Bootstrap bootstrap = new(Replicates, Seed);
        int judged = slices.Count(IsJudged);
        // The smallest p that swaps can give must be able to pass Holm's first step.
        int swaps = Math.Max(Replicates, (int)(2 * judged / FalseAlarmRate));
        Interval[] differences = [.. slices.Select(s => bootstrap.Estimate(metric.Difference.Of(s.Items), Confidence))];
        double[] p =
        [
            .. slices.Select(
                (s, i) =>
                    !IsJudged(s) || -differences[i].Value <= Margin ? 1
                    : right is null ? LossTests.Randomization(metric, s.Items, swaps, Seed)
                    : LossTests.McNemar(s.Items.Count(k => right[k] is (false, true)), s.Items.Count(k => right[k] is (true, false)))
            ),
        ];
        double[] adjusted = Adjust(slices, p);
        return
        [
            .. slices.Select(
                (s, i) =>
                    new SliceFinding(
                        s.Field,
                        s.Value,
                        s.Items.Count,
                        IsJudged(s),
                        metric.Candidate.Of(s.Items).Evaluate(),
                        differences[i],
                        adjusted[i],
                        adjusted[i] <= FalseAlarmRate
                    )
            ),
        ];
    }

    private bool IsJudged(Slice slice) => slice.Items.Count >= MinItems;

    private double[] Adjust(IReadOnlyList<Slice> slices, double[] p)
    {
        int[] judged = [.. Enumerable.Range(0, slices.Count).Where(i => IsJudged(slices[i]))];
        double[] holm = Multiplicity.Holm([.. judged.Select(i => p[i])]);
        double[] adjusted = new double[p.Length];
        Array.Fill(adjusted, 1);
        for (int k = 0; k < judged.Length; k++)
        {
            adjusted[judged[k]] = holm[k];
        }
        return adjusted;
    }
}
