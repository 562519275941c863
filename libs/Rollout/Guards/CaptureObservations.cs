using Serverless.Captures;

namespace Serverless.Rollout.Guards;

/// <summary>What captures say to the guardrails.</summary>
public static class CaptureObservations
{
    private const int QueueFull = 429;
    private const int CallerLeft = 499;

    /// <summary>Counts one captured line of a candidate's trial; lines of other versions and arms are left out.</summary>
    /// <param name="warmUntil">Times before are those of caches that fill, and are not counted.</param>
    public static void Add(
        this GuardTally tally,
        CaptureRecord record,
        int stable,
        int candidate,
        GuardLimits limits,
        DateTimeOffset warmUntil
    )
    {
        if (record is { Kind: CaptureKind.Comparison, Comparison: { } comparison })
        {
            if (record.Version == candidate && comparison.Reference == stable)
            {
                tally.Mirror.Add(Mirrored(record, comparison, limits));
            }
            return;
        }
        ArmTally? arm = (record.Arm, record.Version) switch
        {
            (ArmNames.Stable, var version) when version == stable => tally.Stable,
            (ArmNames.Canary, var version) when version == candidate => tally.Canary,
            _ => null,
        };
        if (arm is null)
        {
            return;
        }
        if (record.Kind == CaptureKind.Prediction)
        {
            if (IsRefused(record))
            {
                tally.RefusedRequests++;
            }
            else
            {
                ArmObservation seen = Answered(record, warmUntil);
                tally.Count(seen, isCanary: arm == tally.Canary);
                if (limits.Burn is { } burn)
                {
                    arm.Lately.Add(record.Time, seen, burn);
                }
            }
        }
        else if (
            record.Feedback is { Sealed: true } told
            && told.IsBad(limits.GoodOutcomeFrom) is { } bad
            && tally.Reported.TryAdd(record.PredictionId)
        )
        {
            tally.CountOutcome(bad, isCanary: arm == tally.Canary);
        }
        else
        {
            tally.UncountedReports++;
        }
    }

    /// <summary>
    /// Whether the candidate gave another answer: another best label, or vectors that point elsewhere. Null where nobody can say.
    /// </summary>
    public static bool? Disagrees(this ComparisonSummary comparison, double minCosine) =>
        comparison switch
        {
            { Fault: not null } or { ReferenceFault: not null } => null,
            { Agrees: { } agrees } => !agrees,
            { Cosine: { } cosine } => !(cosine >= minCosine),
            _ => null,
        };

    /// <summary>What the request has in common with others: language, kind of input, what the stable version says it is.</summary>
    public static IReadOnlyList<string> SlicesOf(CaptureRecord record)
    {
        List<string> slices = [];
        if (record.Input?.Language is { } language)
        {
            slices.Add($"language={language}");
        }
        if (record.Input?.Kind is { } kind)
        {
            slices.Add($"kind={kind}");
        }
        if (record.Comparison?.ReferenceOutput?.Label is { } label)
        {
            slices.Add($"label={label}");
        }
        return slices;
    }

    /// <summary>
    /// What the caller did wrong is no version's fault, and shows nothing of it; a full queue and a caller who would not wait do.
    /// </summary>
    private static bool IsRefused(CaptureRecord record) => record.Status is >= 400 and < 500 and not (QueueFull or CallerLeft);

    private static ArmObservation Answered(CaptureRecord record, DateTimeOffset warmUntil)
    {
        bool failed = record.Status is >= 500 or QueueFull or CallerLeft;
        bool timed = record.Status is >= 200 and < 300 && record.Time >= warmUntil;
        return new ArmObservation(failed, record.Output is { Valid: false }, timed ? record.Times?.Total : null, record.Output?.Score);
    }

    private static ShadowObservation Mirrored(CaptureRecord record, ComparisonSummary comparison, GuardLimits limits) =>
        new(
            comparison.Disagrees(limits.MinCosine),
            comparison.Fault is not null,
            comparison.ReferenceFault is not null,
            comparison.CandidateOutput is { Valid: false },
            comparison.ReferenceOutput is { Valid: false },
            SlicesOf(record)
        );
}
