namespace Serverless.Statistics.Sequential;

/// <summary>
/// Whether an experiment's arms get the share that they are meant to get: a sequential test, so that it may be looked at always. A
/// mixture of multinomials around the intended weights against the weights (Lindon and Malek 2022, "Anytime-valid inference for
/// multinomial count data").
/// </summary>
public static class SampleRatioTest
{
    // How strongly the mixture gathers around the weights; larger finds small mismatches of large experiments sooner.
    private const double Concentration = 100;

    /// <summary>Logarithm of an e-process against "the weights are these". Those of epochs with different weights add up.</summary>
    /// <param name="counts">Callers or requests per arm.</param>
    /// <param name="weights">Of the same arms, summing to 1; an arm of weight 0 that has any is infinite evidence.</param>
    public static double LogEvidence(ReadOnlySpan<long> counts, ReadOnlySpan<double> weights)
    {
        double log = Likelihood.LogGamma(Concentration),
            total = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            if (weights[i] == 0)
            {
                if (counts[i] > 0)
                {
                    return double.PositiveInfinity;
                }
                continue;
            }
            double prior = Concentration * weights[i];
            log += Likelihood.LogGamma(counts[i] + prior) - Likelihood.LogGamma(prior) - (counts[i] * Math.Log(weights[i]));
            total += counts[i];
        }
        return log - Likelihood.LogGamma(total + Concentration);
    }
}
