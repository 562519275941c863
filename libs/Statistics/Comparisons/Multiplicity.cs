namespace Serverless.Statistics.Comparisons;

/// <summary>Corrects p-values of many tests.</summary>
public static class Multiplicity
{
    /// <summary>So that the chance of any false alarm among them stays what it would be of one (Holm 1979).</summary>
    public static double[] Holm(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double highest = 0;
        int rank = 0;
        foreach (int i in Enumerable.Range(0, p.Count).OrderBy(i => p[i]))
        {
            highest = Math.Max(highest, Math.Min((p.Count - rank++) * p[i], 1));
            adjusted[i] = highest;
        }
        return adjusted;
    }

    /// <summary>
    /// So that of those at most α the share of false alarms is α on average, for tests that are independent or rise together (Benjamini
    /// and Hochberg 1995; equals <c>scipy.stats.false_discovery_control</c>).
    /// </summary>
    public static double[] BenjaminiHochberg(IReadOnlyList<double> p)
    {
        double[] adjusted = new double[p.Count];
        double lowest = 1;
        int rank = p.Count;
        foreach (int i in Enumerable.Range(0, p.Count).OrderByDescending(i => p[i]))
        {
            lowest = Math.Min(lowest, p.Count * p[i] / rank--);
            adjusted[i] = lowest;
        }
        return adjusted;
    }
}
