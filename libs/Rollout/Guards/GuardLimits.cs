namespace Serverless.Rollout.Guards;

/// <summary>
/// How much worse than the stable version a candidate may be, and how bad at all. Null switches a guardrail off. Every limit is part of a
/// promotion's plan.
/// </summary>
public sealed record GuardLimits
{
    public const double MaxFalseAlarmRate = 0.5;

    /// <summary>
    /// The probability that a promotion of a candidate within all limits is turned back by any guardrail, in all of its steps together.
    /// </summary>
    public double FalseAlarmRate { get; init; } = 0.01;

    /// <summary>Failed requests beyond the stable version's, as a share of all.</summary>
    public double? ErrorMargin { get; init; } = 0.005;

    /// <summary>Invalid outputs beyond the stable version's, as a share of all.</summary>
    public double? InvalidMargin { get; init; } = 0.001;

    /// <summary>
    /// Times as a multiple of the stable version's, beyond <see cref="LatencySlackMilliseconds"/>: of the most, and of p95 and p99.
    /// </summary>
    public double? LatencyRatio { get; init; } = 1.25;

    /// <summary>What is always allowed on top: below it nobody notices a multiple.</summary>
    public double LatencySlackMilliseconds { get; init; } = 10;

    /// <summary>Mirrored requests that get another best answer, of all and of each slice.</summary>
    public double? MaxDisagreement { get; init; } = 0.02;

    /// <summary>Answers without a label agree when their vectors' cosine is at least this.</summary>
    public double MinCosine { get; init; } = 0.95;

    /// <summary>Population stability index of the scores; 0.25 is commonly called a large shift.</summary>
    public double? MaxScoreShift { get; init; } = 0.25;

    /// <summary>Bad outcomes reported by feedback beyond the stable version's, as a share of those reported.</summary>
    public double? FeedbackMargin { get; init; } = 0.02;

    /// <summary>An outcome whose value is below this is a bad one.</summary>
    public double GoodOutcomeFrom { get; init; } = 0.5;

    /// <summary>What p95 of the candidate may be, whatever the stable version's is; none by default.</summary>
    public double? MaxP95Milliseconds { get; init; }

    /// <summary>Failed requests as a share of all, whatever the stable version's is; none by default.</summary>
    public double? MaxErrorShare { get; init; }

    /// <summary>Good outcomes as a share of those reported, whatever the stable version's is; none by default.</summary>
    public double? MinGoodShare { get; init; }

    /// <summary>None where nobody has set objectives.</summary>
    public BurnLimits? Burn { get; init; }

    /// <summary>Tests of limits that hold for the candidate alone: of the whole step and of late, and those of budgets once.</summary>
    internal int AbsoluteTests =>
        (2 * new[] { MaxP95Milliseconds, MaxErrorShare, MinGoodShare }.OfType<double>().Count())
        + new[] { Burn?.FailedShare, Burn?.SlowShare }.OfType<double>().Count();

    /// <summary>
    /// What holds while this share of the callers meets the candidate. When all do, nobody meets the stable version at the same time, and
    /// what people ask changes with the hour: scores of an earlier one say nothing of the candidate.
    /// </summary>
    public GuardLimits AtWeight(double weight) => weight < 1 ? this : this with { MaxScoreShift = null };

    public IEnumerable<string> Validate()
    {
        if (!(FalseAlarmRate is > 0 and <= MaxFalseAlarmRate))
        {
            yield return $"guards.falseAlarmRate is {FalseAlarmRate}; allowed is above 0, up to {MaxFalseAlarmRate}.";
        }
        if (LatencyRatio is not (null or >= 1))
        {
            yield return $"guards.latencyRatio is {LatencyRatio}; allowed is 1 or more.";
        }
        if (!(LatencySlackMilliseconds >= 0))
        {
            yield return $"guards.latencySlackMilliseconds is {LatencySlackMilliseconds}; allowed is 0 or more.";
        }
        if (!(MinCosine is >= -1 and <= 1))
        {
            yield return $"guards.minCosine is {MinCosine}; allowed are -1 to 1.";
        }
        if (MaxScoreShift is not (null or > 0))
        {
            yield return $"guards.maxScoreShift is {MaxScoreShift}; allowed is above 0.";
        }
        if (!double.IsFinite(GoodOutcomeFrom))
        {
            yield return $"guards.goodOutcomeFrom is {GoodOutcomeFrom}; allowed is a number.";
        }
        if (MaxP95Milliseconds is not (null or (> 0 and < double.PositiveInfinity)))
        {
            yield return $"guards.maxP95Milliseconds is {MaxP95Milliseconds}; allowed is above 0.";
        }
        if (MinGoodShare is not (null or (> 0 and <= 1)))
        {
            yield return $"guards.minGoodShare is {MinGoodShare}; allowed is above 0, up to 1.";
        }
        foreach (
            (string name, double? share) in new[]
            {
                ("errorMargin", ErrorMargin),
                ("invalidMargin", InvalidMargin),
                ("maxDisagreement", MaxDisagreement),
                ("feedbackMargin", FeedbackMargin),
                ("maxErrorShare", MaxErrorShare),
            }
        )
        {
            if (share is not (null or (>= 0 and < 1)))
            {
                yield return $"guards.{name} is {share}; allowed are 0 to below 1.";
            }
        }
    }
}
