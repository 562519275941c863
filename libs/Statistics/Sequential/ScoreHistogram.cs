using System.Text.Json.Serialization;
using Serverless.Statistics.Shifts.Categories;

namespace Serverless.Statistics.Sequential;

/// <summary>
/// Scores counted in fixed bins that suit probabilities, cosines and logits alike. Mutable, not thread-safe; adds up over instances.
/// </summary>
public sealed class ScoreHistogram
{
    private static readonly double[] Edges = [-4, -2, -1, -0.5, 0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.97, 1, 2, 4];

    [JsonInclude]
    public long[] Counts { get; private init; } = new long[Edges.Length + 1];

    [JsonIgnore]
    public long Total => Counts.Sum();

    public void Add(double score)
    {
        if (double.IsNaN(score))
        {
            return; // counted as an invalid output
        }
        int bin = 0;
        while (bin < Edges.Length && score > Edges[bin])
        {
            bin++;
        }
        Counts[bin]++;
    }

    public void Add(ScoreHistogram other)
    {
        for (int i = 0; i < Counts.Length; i++)
        {
            Counts[i] += other.Counts[i];
        }
    }

    /// <summary>That of <see cref="CategoryDistances"/> to another histogram; 0 where one is empty.</summary>
    public double StabilityIndex(ScoreHistogram other) =>
        Total == 0 || other.Total == 0 ? 0 : CategoryDistances.StabilityIndex(new CategoryCounts(Counts, other.Counts));

    /// <summary>
    /// Logarithm of an e-process against "both are draws of one distribution", as <see cref="RateTest"/> for more than two outcomes.
    /// </summary>
    public double LogEvidence(ScoreHistogram other)
    {
        double prior = 1.0 / Counts.Length; // sparse: most scores fall into few bins
        double total = Total + other.Total,
            pooled = 0;
        for (int i = 0; i < Counts.Length; i++)
        {
            double both = Counts[i] + other.Counts[i];
            pooled += Likelihood.Log(both, both / total);
        }
        return Likelihood.Mixture(Counts, prior) + Likelihood.Mixture(other.Counts, prior) - pooled;
    }
}
