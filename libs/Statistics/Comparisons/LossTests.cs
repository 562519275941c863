namespace Serverless.Statistics.Comparisons;

/// <summary>How likely so large a loss of the candidate is by chance, were both versions equally good.</summary>
public static class LossTests
{
    /// <summary>
    /// For answers that are right or wrong: of the items on which the two differ, each is as likely to have got worse as better
    /// (McNemar 1947, its exact one-sided form).
    /// </summary>
    public static double McNemar(int worse, int better)
    {
        int differing = worse + better;
        // Sum over k >= worse of C(n, k) / 2^n, by logarithms, since 2^n overflows.
        double logTerm = -differing * Math.Log(2),
            sum = 0;
        for (int k = 0; k <= differing; k++)
        {
            if (k >= worse)
            {
                sum += Math.Exp(logTerm);
            }
            logTerm += Math.Log(differing - k) - Math.Log(k + 1);
        }
        return Math.Min(sum, 1);
    }

    /// <summary>
    /// For any metric: the share of random swaps of the two versions' answers, item by item, that lose as much (approximate
    /// randomisation; Noreen 1989). What was seen counts as one of the swaps, so that the level is kept exactly.
    /// </summary>
    public static double Randomization(PairedMetric metric, IReadOnlyList<int> slice, int swaps, int seed)
    {
        bool[] counts = new bool[metric.Items],
            swapped = new bool[metric.Items];
        foreach (int item in slice)
        {
            counts[item] = true;
        }
        double seen = metric.DifferenceSwapped(counts, swapped);
        Random random = new(seed);
        int asBad = 0;
        for (int s = 0; s < swaps; s++)
        {
            foreach (int item in slice)
            {
                swapped[item] = random.Next(2) == 0;
            }
            if (metric.DifferenceSwapped(counts, swapped) <= seen + 1e-12)
            {
                asBad++;
            }
        }
        return (asBad + 1.0) / (swaps + 1.0);
    }
}
