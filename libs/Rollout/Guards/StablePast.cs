using System.Runtime.CompilerServices;
using Serverless.Captures;

namespace Serverless.Rollout.Guards;

/// <summary>What a candidate that all callers meet is compared with.</summary>
/// <param name="Requests">The last so many of the stable version's.</param>
/// <param name="Until">When the last of them was answered; null where there was none.</param>
public sealed record StablePast(long Requests, DateTimeOffset? Until);

/// <summary>
/// Reads the stable version's recent past from captures, the latest first: as many requests as say enough, of a day at most. Thread-safe.
/// </summary>
public sealed class StablePastReader(CaptureReader captures)
{
    /// <summary>About so many: whole files are read.</summary>
    public const int EnoughRequests = 2_000;

    private const int MaxHours = 24;

    /// <summary>A tally that knows the stable version's past alone.</summary>
    public async Task<GuardTally> ReadAsync(
        string model,
        int stable,
        string environment,
        DateTimeOffset until,
        GuardLimits limits,
        CancellationToken cancellationToken
    )
    {
        GuardTally past = new();
        DateTimeOffset? last = null;
        await foreach (CapturePath path in LatestFirstAsync(model, stable, until, cancellationToken))
        {
            await foreach (CaptureRecord record in captures.ReadAsync(path.Path, cancellationToken))
            {
                if (record.Time >= until || record.Environment != environment || record.Arm != ArmNames.Stable)
                {
                    continue;
                }
                past.Add(record, stable, candidate: 0, limits, DateTimeOffset.MinValue);
                last = record.Kind == CaptureKind.Prediction && !(record.Time < last) ? record.Time : last;
            }
            if (past.Stable.Requests >= EnoughRequests)
            {
                break;
            }
        }
        (past.UncountedReports, past.RefusedRequests) = (0, 0); // they say nothing of the step
        past.Past = new StablePast(past.Stable.Requests, last);
        return past;
    }

    private async IAsyncEnumerable<CapturePath> LatestFirstAsync(
        string model,
        int version,
        DateTimeOffset until,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        DateTimeOffset to = until;
        for (int i = 0; i <= MaxHours; i++)
        {
            DateTimeOffset from = CapturePath.HourOf(to.AddTicks(-1));
            List<CapturePath> found = [];
            await foreach (CapturePath path in captures.ListAsync(model, version, from, to, cancellationToken))
            {
                found.Add(path);
            }
            foreach (CapturePath path in found.OrderByDescending(path => path.Last))
            {
                yield return path;
            }
            to = from;
        }
    }
}
