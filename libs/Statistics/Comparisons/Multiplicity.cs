namespace Serverless.Statistics.Comparisons;

/// <summary>
/// Corrects p-values of many tests so that the chance of any false alarm among them stays what it would be of one (Holm 1979).
/// </summary>
public static class Multiplicity
{
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
}
