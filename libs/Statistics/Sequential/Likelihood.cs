namespace Serverless.Statistics.Sequential;

/// <summary>Logarithms of likelihoods of counts: the best that a hypothesis can do, and what a mixture over all of them does.</summary>
internal static class Likelihood
{
    // Lanczos' approximation with g = 7 and 9 terms (Godfrey 2001); its relative error is below 1e-13.
    private static readonly double[] Lanczos =
    [
        0.99999999999980993,
        676.5203681218851,
        -1259.1392167224028,
        771.32342877765313,
        -176.61502916214059,
        12.507343278686905,
        -0.13857109526572012,
        9.9843695780195716e-6,
        1.5056327351493116e-7,
    ];

    /// <param name="x">Above 0.</param>
    public static double LogGamma(double x)
    {
        if (x < 0.5)
        {
            return Math.Log(Math.PI / Math.Sin(Math.PI * x)) - LogGamma(1 - x);
        }
        x--;
        double sum = Lanczos[0];
        for (int i = 1; i < Lanczos.Length; i++)
        {
            sum += Lanczos[i] / (x + i);
        }
        double t = x + Lanczos.Length - 1.5;
        return (0.5 * Math.Log(2 * Math.PI)) + ((x + 0.5) * Math.Log(t)) - t + Math.Log(sum);
    }

    /// <summary>k·ln p, which is 0 for no occurrences however impossible they are.</summary>
    public static double Log(double k, double p) => k == 0 ? 0 : k * Math.Log(p);

    /// <summary>Of a sequence with so many hits and misses, when the rate is p.</summary>
    public static double Bernoulli(double hits, double misses, double p) => Log(hits, p) + Log(misses, 1 - p);

    /// <summary>Of the same sequence, averaged over all rates by Jeffreys' prior (Krichevsky and Trofimov 1981).</summary>
    public static double Mixture(double hits, double misses) => Mixture([(long)hits, (long)misses], 0.5);

    /// <summary>Of a sequence of categories, averaged over all distributions by a symmetric Dirichlet prior.</summary>
    public static double Mixture(ReadOnlySpan<long> counts, double prior)
    {
        double total = 0,
            log = 0;
        foreach (long count in counts)
        {
            total += count;
            log += LogGamma(count + prior) - LogGamma(prior);
        }
        double mass = prior * counts.Length;
        return log + LogGamma(mass) - LogGamma(total + mass);
    }
}
