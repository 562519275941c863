using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>
/// Holds entries of the index against the run store, for what no turn sees: runs that are terminated, suspended, restarted or purged from
/// outside. What differs is recorded. Other work is as it was recorded. Thread-safe.
/// </summary>
public sealed class RunCheck(RunRecorder recorder, TimeProvider time)
{
    private const int AtOnce = 8;
    private const int MaxRemembered = 50_000;

    /// <summary>What was found right is not asked again for so long: a page that refreshes asks little.</summary>
    private static readonly TimeSpan HoldsFor = TimeSpan.FromSeconds(10);

    /// <summary>A turn's entry is written before the run store has its answer; after so long the two must agree.</summary>
    private static readonly TimeSpan Settles = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _checked = new(StringComparer.Ordinal);

    /// <summary>The same runs as the run store has them, in the same order; those that it has no longer are left out.</summary>
    public async Task<IReadOnlyList<RunEntry>> CheckAsync(
        DurableTaskClient client,
        IReadOnlyList<RunEntry> runs,
        CancellationToken cancellationToken
    )
    {
        if (_checked.Count > MaxRemembered)
        {
            _checked.Clear();
        }
        RunEntry[] found = new RunEntry[runs.Count];
        await Parallel.ForAsync(
            0,
            runs.Count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, token) => found[i] = await CheckAsync(client, runs[i], token)
        );
        return [.. found.Where(run => !run.IsPurged)];
    }

    private async ValueTask<RunEntry> CheckAsync(DurableTaskClient client, RunEntry run, CancellationToken cancellationToken)
    {
        if (run.Kind != RunKind.Orchestration)
        {
            return run;
        }
        DateTimeOffset now = time.GetUtcNow();
        if (_checked.TryGetValue(run.Id, out DateTimeOffset last) && last > run.Updated && now - last < HoldsFor)
        {
            return run;
        }
        OrchestrationMetadata? stored = await client.GetInstanceAsync(run.Id, getInputsAndOutputs: false, cancellationToken);
        bool isSettled = now - run.Updated > Settles;
        if (stored is null)
        {
            return isSettled ? Record(run with { Updated = now, IsPurged = true }) : run;
        }
        RunStatus status = RunEntries.StatusOf(stored.RuntimeStatus);
        if (status == run.Status || !(isSettled || (stored.IsCompleted && !run.HasEnded)))
        {
            _checked[run.Id] = now;
            return run;
        }
        stored = await client.GetInstanceAsync(run.Id, getInputsAndOutputs: true, cancellationToken);
        return Record(stored is null ? run with { Updated = now, IsPurged = true } : RunEntries.Of(stored, run, now));
    }

    private RunEntry Record(RunEntry entry)
    {
        recorder.TryRecord(entry);
        return entry;
    }
}
