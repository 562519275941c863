namespace Serverless.Statistics.Sequential;

/// <summary>
/// Whether two arms differ by less than a margin: two one-sided tests (Schuirmann 1987), each sequential, so that one may look after every
/// request. Arms that differ by the margin or more are ever called equal with a probability of at most α, since one of the two hypotheses
/// then holds.
/// </summary>
public static class EquivalenceTest
{
    /// <summary>
    /// Of rates, by <see cref="RateTest"/>: exact from the first request on, also where what was seen decides who meets which arm.
    /// </summary>
    public static bool Holds(Rate a, Rate b, double margin, double alpha)
    {
        double threshold = Math.Log(1 / alpha);
        return a.Total > 0
            && b.Total > 0
            && RateTest.LogEvidence(a, b, -margin) >= threshold
            && RateTest.LogEvidence(b, a, -margin) >= threshold;
    }

    /// <summary>
    /// Of means, by an interval of their difference that holds at all times at once. Numbers without spread show nothing.
    /// </summary>
    public static bool Holds(ConfidenceBounds difference, double margin) =>
        difference.Low < difference.High && difference.Low > -margin && difference.High < margin;
}
