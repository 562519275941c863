using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Experiments;

/// <summary>
/// Gives each arm the share of callers that equals its probability of being the best (Thompson 1933; Chapelle and Li 2011), by normal
/// draws around the means seen so far. Deterministic for a seed.
/// </summary>
public static class ThompsonSampler
{
    private const int Draws = 2_000;

    /// <summary>No arm gets less, so that each goes on being learnt about.</summary>
    public const double LeastShare = 0.05;

    /// <returns>Weights in the order of the arms, summing to 1; equal ones until each arm has <see cref="DifferenceSequence.BurnIn"/>
    /// values.</returns>
    public static double[] Weigh(IReadOnlyList<MeanTally> arms, bool moreIsBetter, int seed)
    {
        int n = arms.Count;
        if (arms.Any(arm => arm.Count < DifferenceSequence.BurnIn))
        {
            return [.. Enumerable.Repeat(1.0 / n, n)];
        }
        Random random = new(seed);
        int[] best = new int[n];
        for (int draw = 0; draw < Draws; draw++)
        {
            int winner = 0;
            double most = double.NegativeInfinity;
            for (int i = 0; i < n; i++)
            {
                double value = arms[i].Mean + (Normal(random) * Math.Sqrt(arms[i].Variance / arms[i].Count));
                double goodness = moreIsBetter ? value : -value;
                if (goodness <= most)
                {
                    continue;
                }
                (winner, most) = (i, goodness);
            }
            best[winner]++;
        }
        return [.. best.Select(wins => LeastShare + ((1 - (LeastShare * n)) * wins / Draws))];
    }

    /// <summary>Box and Muller 1958.</summary>
    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
