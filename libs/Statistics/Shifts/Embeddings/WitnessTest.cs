using Serverless.Statistics.Shifts.Numbers;

namespace Serverless.Statistics.Shifts.Embeddings;

/// <summary>What the test found, and which rows speak most for it.</summary>
/// <param name="MostShifted">Rows of the current window's tested half, those that look least like the reference first.</param>
public sealed record WitnessResult(ShiftResult Result, IReadOnlyList<int> MostShifted);

/// <summary>
/// Whether a function that was learned on one half of the rows tells the windows apart on the other half (Kübler, Jitkrittum, Schölkopf
/// and Muandet 2022, "A witness two-sample test"). The function is the witness of the Gaussian kernel's mean discrepancy: how much a row
/// looks like the reference less how much like the current window. Its values on the other half are plain numbers, which
/// <see cref="KolmogorovSmirnov"/> compares: other than a permutation test's, its p-value may be as small as the evidence is large, so
/// that repeated looks can alarm by it. Statistic and effect are that test's distance, 0 to 1. The same seed gives the same result.
/// O(rows² · dimension / 4).
/// </summary>
public static class WitnessTest
{
    /// <summary>Of either window; half of them learn.</summary>
    public const int MinRows = 20;

    public static WitnessResult Test(EmbeddingRows reference, EmbeddingRows current, int seed)
    {
        EmbeddingRows.RefuseUnlessComparable(reference, current);
        if (Math.Min(reference.Count, current.Count) < MinRows)
        {
            return new WitnessResult(ShiftResult.NotEnoughData, []);
        }
        double sigma = Bandwidth.MedianDistance(reference, current, ~seed);
        if (sigma == 0)
        {
            return new WitnessResult(ShiftResult.NoDifference, []);
        }
        PooledRows rows = new(reference, current);
        Random random = new(seed);
        (int[] learnReference, int[] testReference) = Halves(0, rows.ReferenceCount, random);
        (int[] learnCurrent, int[] testCurrent) = Halves(rows.ReferenceCount, rows.CurrentCount, random);
        double scale = -0.5 / (sigma * sigma);
        double Witness(int row) => MeanKernel(rows, row, learnReference, scale) - MeanKernel(rows, row, learnCurrent, scale);
        double[] onReference = [.. testReference.Select(Witness)];
        double[] onCurrent = [.. testCurrent.Select(Witness)];
        ShiftResult result = KolmogorovSmirnov.Test(new SortedSample(onReference), new SortedSample(onCurrent));
        Array.Sort(onCurrent, testCurrent);
        return new WitnessResult(result, [.. testCurrent.Select(row => row - rows.ReferenceCount)]);
    }

    private static (int[] Learn, int[] Test) Halves(int first, int count, Random random)
    {
        int[] order = [.. Enumerable.Range(first, count)];
        random.Shuffle(order);
        return (order[..(count / 2)], order[(count / 2)..]);
    }

    private static double MeanKernel(PooledRows rows, int row, int[] others, double scale)
    {
        double sum = 0;
        foreach (int other in others)
        {
            sum += Math.Exp(scale * rows.SquaredDistance(row, other));
        }
        return sum / others.Length;
    }
}
