namespace Serverless.Statistics.Sequential;

/// <param name="Bad">How many of <paramref name="Total"/> were bad.</param>
public readonly record struct Rate(long Bad, long Total)
{
    public double Value => Total == 0 ? 0 : (double)Bad / Total;

    internal long Good => Total - Bad;
}

/// <summary>
/// Sequential tests whether a rate is too high. Each gives the logarithm of an e-process: the likelihood of what was seen, averaged over
/// all rates, over the best that the hypothesis "it is not too high" can do. Under the hypothesis it ever exceeds ln(1/α) with a
/// probability of at most α, however often one looks (Wasserman, Ramdas, Balakrishnan 2020, "Universal inference"; Ville 1939). It
/// depends on counts alone, so that instances may be summed and a restart loses nothing.
/// </summary>
public static class RateTest
{
    private const int Bisections = 60;

    /// <summary>
    /// Against "the candidate's rate is at most the reference's plus <paramref name="margin"/>", which may be below 0.
    /// </summary>
    public static double LogEvidence(Rate reference, Rate candidate, double margin)
    {
        if (candidate.Value <= reference.Value + margin)
        {
            return Math.Min(0, Mixture(reference) + Mixture(candidate) - Free(reference) - Free(candidate));
        }
        double best = BestUnder(reference, candidate, margin);
        return Mixture(reference)
            + Mixture(candidate)
            - Likelihood.Bernoulli(reference.Bad, reference.Good, best)
            - Likelihood.Bernoulli(candidate.Bad, candidate.Good, Math.Clamp(best + margin, 0, 1));
    }

    /// <summary>Against "the rate is at most <paramref name="limit"/>".</summary>
    public static double LogEvidence(Rate rate, double limit) =>
        Mixture(rate) - Likelihood.Bernoulli(rate.Bad, rate.Good, Math.Min(rate.Value, limit));

    /// <summary>The reference's rate that explains both best when the candidate's is higher by the margin: where the slope is 0.</summary>
    private static double BestUnder(Rate reference, Rate candidate, double margin)
    {
        (double low, double high) = (Math.Max(0, -margin), Math.Min(1, 1 - margin));
        for (int i = 0; i < Bisections; i++)
        {
            double p = (low + high) / 2,
                q = p + margin;
            double slope = (reference.Bad / p) - (reference.Good / (1 - p)) + (candidate.Bad / q) - (candidate.Good / (1 - q));
            if (slope > 0)
            {
                low = p;
            }
            else
            {
                high = p;
            }
        }
        return (low + high) / 2;
    }

    private static double Mixture(Rate rate) => Likelihood.Mixture(rate.Bad, rate.Good);

    private static double Free(Rate rate) => Likelihood.Bernoulli(rate.Bad, rate.Good, rate.Value);
}
