using Serverless.Statistics.Shifts.Numbers;

namespace Serverless.Unit.Statistics.Shifts;

/// <summary>Seeded draws, and how often a test errs on them.</summary>
internal static class Draws
{
    public const double Alpha = 0.05;

    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static SortedSample Sample(this Random random, int count, Func<Random, double> draw) =>
        new([.. Enumerable.Range(0, count).Select(_ => draw(random))]);

    public static float[] Rows(this Random random, int count, int dimension, Func<int, double> mean) =>
        [.. Enumerable.Range(0, count * dimension).Select(i => (float)(random.Normal() + mean(i % dimension)))];

    public static long[] Counts(this Random random, int draws, params double[] shares)
    {
        long[] counts = new long[shares.Length];
        for (int i = 0; i < draws; i++)
        {
            double u = random.NextDouble();
            int category = 0;
            while (category < shares.Length - 1 && u >= shares[category])
            {
                u -= shares[category++];
            }
            counts[category]++;
        }
        return counts;
    }

    /// <summary>The share of the seeds 0, 1, … whose p-value is at most 5 %.</summary>
    public static double Rejected(int seeds, Func<Random, int, double?> p)
    {
        int rejected = 0;
        for (int seed = 0; seed < seeds; seed++)
        {
            rejected += p(new Random(seed), seed) <= Alpha ? 1 : 0;
        }
        return (double)rejected / seeds;
    }
}
