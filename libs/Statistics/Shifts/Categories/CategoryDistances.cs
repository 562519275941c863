namespace Serverless.Statistics.Shifts.Categories;

/// <summary>
/// Sizes of shift between the shares of categories, for reports: without a p-value, and biased upwards where counts are few. NaN where a
/// window is empty.
/// </summary>
public static class CategoryDistances
{
    /// <summary>
    /// Population stability index, in nats: from 0; above 0.1 a small shift, above 0.25 a large one (Siddiqi 2006, "Credit Risk
    /// Scorecards"). Each category is smoothed by half a count, so that an empty one is finite.
    /// </summary>
    public static double StabilityIndex(CategoryCounts counts)
    {
        if (IsEmpty(counts))
        {
            return double.NaN;
        }
        double smoothing = 0.5 * counts.Reference.Length;
        double psi = 0;
        for (int i = 0; i < counts.Reference.Length; i++)
        {
            double p = (counts.Reference[i] + 0.5) / (counts.ReferenceTotal + smoothing);
            double q = (counts.Current[i] + 0.5) / (counts.CurrentTotal + smoothing);
            psi += (p - q) * Math.Log(p / q);
        }
        return psi;
    }

    /// <summary>0 to 1; equals <c>scipy.spatial.distance.jensenshannon(base=2)</c> (Endres and Schindelin 2003).</summary>
    public static double JensenShannon(CategoryCounts counts)
    {
        if (IsEmpty(counts))
        {
            return double.NaN;
        }
        double bits = 0;
        for (int i = 0; i < counts.Reference.Length; i++)
        {
            (double p, double q) = Shares(counts, i);
            double mean = (p + q) / 2;
            bits += ((p == 0 ? 0 : p * Math.Log2(p / mean)) + (q == 0 ? 0 : q * Math.Log2(q / mean))) / 2;
        }
        return Math.Sqrt(Math.Max(0, bits));
    }

    /// <summary>0 to 1: √(½ Σ (√p - √q)²) (Le Cam and Yang 2000, divided by √2).</summary>
    public static double Hellinger(CategoryCounts counts)
    {
        if (IsEmpty(counts))
        {
            return double.NaN;
        }
        double sum = 0;
        for (int i = 0; i < counts.Reference.Length; i++)
        {
            (double p, double q) = Shares(counts, i);
            double difference = Math.Sqrt(p) - Math.Sqrt(q);
            sum += difference * difference;
        }
        return Math.Sqrt(sum / 2);
    }

    private static bool IsEmpty(CategoryCounts counts) => counts.ReferenceTotal == 0 || counts.CurrentTotal == 0;

    private static (double P, double Q) Shares(CategoryCounts counts, int i) =>
        (counts.Reference[i] / counts.ReferenceTotal, counts.Current[i] / counts.CurrentTotal);
}
