using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Serverless.Ingest.Health;

namespace Serverless.Orchestrations.Operations.Watch;

/// <summary>
/// Looks for runs that make no progress although they could, and heals where that is safe. A look is bounded; the next one goes on where it
/// ended. For one look at a time; lives as long as the process, and one that begins anew finds the same again.
/// </summary>
public sealed class RunWatch(JobWatch jobs, RunNudge nudge, RunWatchOptions options, TimeProvider time)
{
    private const int PageSize = 250;

    private static readonly OrchestrationRuntimeStatus[] Going = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running];

    private readonly Dictionary<string, RunFinding> _found = [];
    private string? _continuation;

    /// <summary>All that is known to be wrong, also of runs that this look did not come to.</summary>
    public async Task<IReadOnlyList<RunFinding>> LookAsync(
        DurableTaskClient client,
        IReadOnlyList<ReportedMember> members,
        CancellationToken cancellationToken
    )
    {
        await jobs.BeginAsync(members, cancellationToken);
        // What was found is looked at at each look, so that an alert ends with its cause.
        foreach (string id in _found.Keys.ToArray())
        {
            OrchestrationMetadata? run = await client.GetInstanceAsync(id, cancellationToken);
            Note(id, run is { IsCompleted: false } ? await FindAsync(client, run, cancellationToken) : null);
        }
        foreach (OrchestrationMetadata run in await ReadQuietAsync(client, cancellationToken))
        {
            Note(run.InstanceId, await FindAsync(client, run, cancellationToken));
        }
        return [.. _found.Values];
    }

    private void Note(string id, RunFinding? finding)
    {
        if (finding is not null)
        {
            _found[id] = finding;
        }
        else if (_found.Remove(id))
        {
            nudge.Forget(id);
        }
    }

    /// <summary>Runs in which nothing has happened for a while, some at a time.</summary>
    private async Task<IReadOnlyList<OrchestrationMetadata>> ReadQuietAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (_found.Count >= options.MaxHistoriesPerLook)
        {
            return []; // enough to tell of; the rest is found once these are settled
        }
        DateTimeOffset before = time.GetUtcNow() - TimeSpan.FromTicks(Math.Min(options.HaltedAfter.Ticks, options.JobHeartbeatLimit.Ticks));
        OrchestrationQuery query = new()
        {
            Statuses = Going,
            CreatedTo = before,
            PageSize = PageSize,
        };
        List<OrchestrationMetadata> quiet = [];
        int read = 0;
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(_continuation).WithCancellation(cancellationToken))
        {
            read += page.Values.Count;
            quiet.AddRange(page.Values.Where(run => run.LastUpdatedAt < before && !_found.ContainsKey(run.InstanceId)));
            _continuation = page.ContinuationToken;
            if (_continuation is null || read >= options.MaxRunsPerLook || quiet.Count >= options.MaxHistoriesPerLook)
            {
                break;
            }
        }
        return quiet.Count > options.MaxHistoriesPerLook ? quiet[..options.MaxHistoriesPerLook] : quiet;
    }

    private async Task<RunFinding?> FindAsync(DurableTaskClient client, OrchestrationMetadata run, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<HistoryEvent> history = [.. await client.GetOrchestrationHistoryAsync(run.InstanceId, cancellationToken)];
        RunStanding standing =
            history.Count == 0
                ? new RunStanding(StandingKind.Halted, run.CreatedAt, "its first turn")
                : RunStanding.Of(history, KnownOrchestrator.Find(run.Name), now);
        TimeSpan quiet = now - standing.Since;
        return standing.Kind switch
        {
            StandingKind.Busy when quiet > options.ActivityLimit => new RunFinding(
                RunFinding.SlowRule,
                standing.What,
                run.InstanceId,
                $"Run '{run.InstanceId}' of {run.Name} waits for {standing.What} since {standing.Since:u}; allowed are "
                    + $"{options.ActivityLimit:c} (Watch:ActivityLimit). It cannot be begun again from outside: terminate the run, and "
                    + "restart it."
            ),
            StandingKind.WaitingForJob => await jobs.FindAsync(run, standing, cancellationToken),
            StandingKind.Halted when quiet > options.HaltedAfter => await HealAsync(client, run, standing, cancellationToken),
            _ => null,
        };
    }

    private async Task<RunFinding> HealAsync(
        DurableTaskClient client,
        OrchestrationMetadata run,
        RunStanding standing,
        CancellationToken cancellationToken
    )
    {
        string found = $"Run '{run.InstanceId}' of {run.Name} has done nothing since {standing.Since:u}, and waits for {standing.What}";
        DateTimeOffset woken = await nudge.RunAsync(client, run.InstanceId, found, cancellationToken);
        return new RunFinding(RunFinding.HaltedRule, run.Name, run.InstanceId, $"{found}. It was woken at {woken:u}.");
    }
}
