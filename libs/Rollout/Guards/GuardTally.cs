namespace Serverless.Rollout.Guards;

/// <summary>What was seen of both arms and of mirrored requests since a step began.</summary>
public sealed class GuardTally
{
    public ArmTally Stable { get; init; } = new();

    public ArmTally Canary { get; init; } = new();

    /// <summary>The step in parts, of what was seen in it.</summary>
    public LateTally Late { get; init; } = new();

    /// <summary>What the stable version's tally began with, where all callers meet the candidate; null elsewhere.</summary>
    public StablePast? Past { get; set; }

    public ShadowTally Mirror { get; init; } = new();

    public ReportedPredictions Reported { get; init; } = new();

    /// <summary>
    /// Reports that count for no arm: again on a prediction, on an id that nobody can believe, or with a label and nothing to compare it
    /// with.
    /// </summary>
    public long UncountedReports { get; set; }

    /// <summary>Requests that count for no arm: each was refused for what its caller did wrong.</summary>
    public long RefusedRequests { get; set; }

    /// <summary>Counts a request for its arm, and for the part of the step in which it came.</summary>
    public void Count(ArmObservation seen, bool isCanary)
    {
        (isCanary ? Canary : Stable).Add(seen);
        Late.Add(seen, isCanary);
    }

    /// <summary>Counts what was reported of a request, for the part of the step in which it was reported.</summary>
    public void CountOutcome(bool bad, bool isCanary)
    {
        (isCanary ? Canary : Stable).AddOutcome(bad);
        Late.AddOutcome(bad, isCanary);
    }
}
