using Microsoft.DurableTask.Client;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Looks after what no turn and no page shows: runs that the index holds for open although nothing was heard of them for a while, runs that
/// have ended and may have been purged from outside, and runs that wait for their first turn. Bounded at each look.
/// </summary>
public sealed class RunSweep(RunIndex index, RunRecorder recorder, RunCheck check, TimeProvider time)
{
    /// <summary>The most open runs that one look asks the run store about.</summary>
    public const int MaxOpen = 500;

    /// <summary>The most runs that have ended that one look asks the run store about.</summary>
    public const int MaxEnded = 250;

    /// <summary>The most runs that wait for their first turn that one look takes.</summary>
    public const int MaxPending = 1_000;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(2);
    private static readonly RunFilter Open = new()
    {
        Kinds = [RunKind.Orchestration],
        Statuses = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended],
    };

    private static readonly RunFilter Ended = new()
    {
        Kinds = [RunKind.Orchestration],
        Statuses = [RunStatus.Completed, RunStatus.Failed, RunStatus.Terminated],
    };

    private static readonly (RunKind Kind, TimeSpan Limit, string Who)[] Silences =
    [
        (RunKind.Lambda, TimeSpan.FromMinutes(16), "which is longer than Lambda lets a function run"),
        (RunKind.Job, TimeSpan.FromDays(1), "so that the process of its worker has ended"),
        (RunKind.Trial, TimeSpan.FromMinutes(35), "which is longer than the host lets a function run"),
    ];

    // Where the last look ended: with more open runs than one takes, each has its turn.
    private DateTimeOffset _last = DateTimeOffset.MaxValue;
    private DateTimeOffset _lastEnded = DateTimeOffset.MaxValue;

    public async Task SweepAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        _last = await CheckAsync(client, Open with { To = _last }, MaxOpen, cancellationToken);
        _lastEnded = await CheckAsync(client, Ended with { To = _lastEnded }, MaxEnded, cancellationToken);
        await TakePendingAsync(client, cancellationToken);
        await EndSilentAsync(cancellationToken);
    }

    /// <returns>Where the next look goes on.</returns>
    private async Task<DateTimeOffset> CheckAsync(DurableTaskClient client, RunFilter filter, int most, CancellationToken cancellationToken)
    {
        DateTimeOffset quiet = time.GetUtcNow() - Quiet;
        RunEntry[] some = await index
            .MatchAsync(filter, cancellationToken)
            .Where(run => run.Updated < quiet)
            .Take(most)
            .ToArrayAsync(cancellationToken);
        await check.CheckAsync(client, some, cancellationToken);
        return some.Length == most ? some[^1].Created : DateTimeOffset.MaxValue;
    }

    /// <summary>Whoever did other work tells its end, unless its process ended; nobody else knows.</summary>
    private async Task EndSilentAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach ((RunKind kind, TimeSpan limit, string who) in Silences)
        {
            RunFilter open = new()
            {
                Kinds = [kind],
                Statuses = [RunStatus.Running],
                To = now - limit,
            };
            await foreach (RunEntry run in index.MatchAsync(open, cancellationToken))
            {
                string failure = $"Its end was not told within {limit.TotalMinutes:0} minutes, {who}.";
                recorder.TryRecord(run with { Status = RunStatus.Failed, Updated = now, Ended = now, Failure = failure });
            }
        }
    }

    private async Task TakePendingAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        OrchestrationQuery pending = new()
        {
            Statuses = [OrchestrationRuntimeStatus.Pending],
            PageSize = 100,
            FetchInputsAndOutputs = true,
        };
        int taken = 0;
        await foreach (OrchestrationMetadata run in client.GetAllInstancesAsync(pending).WithCancellation(cancellationToken))
        {
            if (await index.FindAsync(run.InstanceId, cancellationToken) is null)
            {
                // As old as the run, so that the entry of its first turn comes after.
                recorder.TryRecord(RunEntries.Of(run, known: null, run.CreatedAt.ToUniversalTime()));
            }
            if (++taken == MaxPending)
            {
                break;
            }
        }
    }
}
