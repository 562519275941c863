using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <summary>
/// All that the guardrails need to know of one arm's requests, in a step or in a part of it. Mutable, not thread-safe; serialised between
/// looks.
/// </summary>
public sealed class ArmTally
{
    public long Requests { get; set; }

    public long Failed { get; set; }

    public long Invalid { get; set; }

    /// <summary>Requests of which somebody reported the outcome.</summary>
    public long Outcomes { get; set; }

    public long BadOutcomes { get; set; }

    public LatencyHistogram Latency { get; init; } = new();

    public ScoreHistogram Scores { get; init; } = new();

    /// <summary>Empty where no budget is watched, and of parts of a step.</summary>
    public RecentTally Lately { get; init; } = new();

    public void Add(ArmObservation seen)
    {
        Requests++;
        if (seen.Failed)
        {
            Failed++;
        }
        if (seen.Invalid)
        {
            Invalid++;
        }
        if (seen.Milliseconds is { } milliseconds)
        {
            Latency.Add(milliseconds);
        }
        if (seen.Score is { } score)
        {
            Scores.Add(score);
        }
    }

    public void AddOutcome(bool bad)
    {
        Outcomes++;
        if (bad)
        {
            BadOutcomes++;
        }
    }

    /// <summary>What was seen in another part of the step.</summary>
    internal void Add(ArmTally other)
    {
        Requests += other.Requests;
        Failed += other.Failed;
        Invalid += other.Invalid;
        Outcomes += other.Outcomes;
        BadOutcomes += other.BadOutcomes;
        Latency.Add(other.Latency);
        Scores.Add(other.Scores);
    }
}
