namespace Serverless.Statistics.Metrics;

public static class Ranking
{
    /// <summary>
    /// Normalised discounted cumulative gain of the first k: the relevance at rank i divided by log2(i + 1), summed, over the same sum of
    /// the best order (Järvelin and Kekäläinen 2002, as scikit-learn's ndcg_score has it). Equal scores share the mean of their gains
    /// (McSherry and Najork 2008), so that a model that cannot tell documents apart gains nothing by their order. 0 where nothing is
    /// relevant, or a score is not a number.
    /// </summary>
    public static double NormalizedGain(IReadOnlyList<double> scores, IReadOnlyList<double> relevance, int k)
    {
        if (scores.Count != relevance.Count)
        {
            throw new ArgumentException($"There are {scores.Count} scores of {relevance.Count} documents.", nameof(scores));
        }
        double best = Gain(relevance, relevance, k);
        return best == 0 || scores.Any(double.IsNaN) ? 0 : Gain(scores, relevance, k) / best;
    }

    /// <summary>The mean over the items, each a query with its documents; null where the model did not answer, which counts 0.</summary>
    public static Metric NormalizedGain(
        IReadOnlyList<IReadOnlyList<double>?> scores,
        IReadOnlyList<IReadOnlyList<double>> relevance,
        int k
    ) => Metric.Mean($"nDCG@{k}", [.. scores.Zip(relevance, (s, r) => s is null ? 0 : NormalizedGain(s, r, k))]);

    private static double Gain(IReadOnlyList<double> scores, IReadOnlyList<double> relevance, int k)
    {
        int[] order = [.. Enumerable.Range(0, scores.Count).OrderByDescending(i => scores[i])];
        double sum = 0;
        for (int start = 0, end; start < Math.Min(k, order.Length); start = end)
        {
            end = start + 1;
            while (end < order.Length && scores[order[end]] == scores[order[start]])
            {
                end++;
            }
            double mean = order[start..end].Average(i => relevance[i]);
            for (int rank = start; rank < Math.Min(end, k); rank++)
            {
                sum += mean / Math.Log2(rank + 2);
            }
        }
        return sum;
    }
}
