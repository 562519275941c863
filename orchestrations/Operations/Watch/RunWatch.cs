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

    /// <summary>Looks come every minute; after so long without one the host was away.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(5);

    private static readonly OrchestrationRuntimeStatus[] Going = [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running];

    private readonly Dictionary<string, RunFinding> _found = [];
    private string? _continuation;
    private DateTimeOffset _looked = DateTimeOffset.MinValue;
    private DateTimeOffset _upSince;
    private DateTimeOffset _passBegun;

    /// <summary>
    /// Whether all runs were looked at since the host has been up long enough for what was due meanwhile; before that, what is not among
    /// the findings may be wrong all the same.
    /// </summary>
    public bool IsWhole { get; private set; }

    private bool IsUpLongEnough => _looked - _upSince >= options.HaltedAfter;

    /// <summary>All that is known to be wrong, also of runs that this look did not come to.</summary>
    public async Task<IReadOnlyList<RunFinding>> LookAsync(
        DurableTaskClient client,
        IReadOnlyList<ReportedMember> members,
        CancellationToken cancellationToken
    )
    {
        Arrive(time.GetUtcNow());
        await jobs.BeginAsync(members, cancellationToken);
        // What was found is looked at at each look, so that an alert ends with its cause.
        foreach (string id in _found.Keys.ToArray())
        {
            OrchestrationMetadata? run = await client.GetInstanceAsync(id, cancellationToken);
            bool isGoing = run is { IsCompleted: false } && run.RuntimeStatus != OrchestrationRuntimeStatus.Suspended;
            Note(id, isGoing ? await FindAsync(client, run!, cancellationToken) : null);
        }
        await LookAtQuietAsync(client, cancellationToken);
        return [.. _found.Values];
    }

    /// <summary>A host that was away finds much that is late; it is given the time to do it.</summary>
    private void Arrive(DateTimeOffset now)
    {
        if (now - _looked > Away)
        {
            (_upSince, IsWhole) = (now, false);
        }
        _looked = now;
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

    /// <summary>
    /// Runs in which nothing has happened for a while, some at a time. A page is gone through whole, so that none is passed over.
    /// </summary>
    private async Task LookAtQuietAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (_found.Count >= options.MaxHistoriesPerLook)
        {
            return; // enough to tell of; the rest is found once these are settled
        }
        DateTimeOffset before = _looked - TimeSpan.FromTicks(Math.Min(options.HaltedAfter.Ticks, options.JobHeartbeatLimit.Ticks));
        OrchestrationQuery query = new()
        {
            Statuses = Going,
            CreatedTo = before,
            PageSize = Math.Min(PageSize, options.MaxHistoriesPerLook),
        };
        _passBegun = _continuation is null ? _looked : _passBegun;
        (int read, int histories) = (0, 0);
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(_continuation).WithCancellation(cancellationToken))
        {
            read += page.Values.Count;
            foreach (OrchestrationMetadata run in page.Values)
            {
                if (run.LastUpdatedAt < before && !_found.ContainsKey(run.InstanceId))
                {
                    histories++;
                    Note(run.InstanceId, await FindAsync(client, run, cancellationToken));
                }
            }
            _continuation = page.ContinuationToken;
            if (_continuation is null || read >= options.MaxRunsPerLook || histories >= options.MaxHistoriesPerLook)
            {
                break;
            }
        }
        IsWhole |= _continuation is null && _passBegun - _upSince >= options.HaltedAfter;
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
            // What was found before the host was away is kept until it has had the time to go on.
            StandingKind.Busy or StandingKind.Halted when !IsUpLongEnough => _found.GetValueOrDefault(run.InstanceId),
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
        DateTimeOffset woken = standing.Woken ?? await nudge.RunAsync(client, run.InstanceId, found, cancellationToken);
        return new RunFinding(RunFinding.HaltedRule, run.Name, run.InstanceId, $"{found}. It was woken at {woken:u}.");
    }
}
