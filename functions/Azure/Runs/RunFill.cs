using Microsoft.DurableTask.Client;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Runs;

/// <summary>How far the index has been filled from a run store that is older than it.</summary>
/// <param name="Until">Runs created before are taken from the run store; those since were recorded.</param>
/// <param name="Token">The run store's own, of the page to go on with; null at the beginning.</param>
/// <param name="Done">Runs taken so far.</param>
public sealed record RunFillState(DateTimeOffset? From, DateTimeOffset Until, string? Token, int Done, bool IsComplete);

/// <summary>
/// Fills the index once with the runs that were there before it, and again with those of a time of which entries were dropped. It goes on
/// where the process before it ended.
/// </summary>
public sealed class RunFill(RunIndex index, RunRecorder recorder, IEnumerable<IObjectStore> stores, TimeProvider time)
{
    private const string Path = "runs/fill.json";
    private const int MaxBytes = 64 << 10;
    private const int PageSize = 200;

    /// <summary>How long one call goes on; the next one follows a minute after it began.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(40);

    private readonly StoredDocument<RunFillState> _state = new(
        stores.FirstOrDefault(store => store.Name == "azure") ?? stores.First(),
        Path,
        MaxBytes,
        time
    );

    private bool _isComplete;

    /// <summary>Why runs may be missing, for people; null where none is.</summary>
    public async Task<string?> DescribeAsync(CancellationToken cancellationToken)
    {
        if (_isComplete)
        {
            return null;
        }
        RunFillState? state = (await _state.ReadAsync(cancellationToken))?.Value;
        _isComplete = state?.IsComplete == true;
        return _isComplete
            ? null
            : $"Runs that are older than this list are still being added to it, {state?.Done ?? 0:N0} so far; it begins within a minute "
                + "and goes through them in the order of the run store.";
    }

    public async Task FillAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        RunFillState state = await BeginAsync(cancellationToken);
        long started = time.GetTimestamp();
        while (!state.IsComplete && time.GetElapsedTime(started) < AtMost)
        {
            state = await TakePageAsync(client, state, cancellationToken);
            await _state.UpdateAsync(_ => state, cancellationToken);
        }
        _isComplete = state.IsComplete;
    }

    private async Task<RunFillState> BeginAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (recorder.TakeMissedSince() is { } missed)
        {
            _isComplete = false;
            await _state.UpdateAsync(
                before => before is { IsComplete: false } ? before with { Until = now } : new RunFillState(missed, now, null, 0, false),
                cancellationToken
            );
        }
        Stored<RunFillState>? begun = await _state.UpdateAsync(
            before => before ?? new RunFillState(null, now, null, 0, false),
            cancellationToken
        );
        return begun!.Value;
    }

    private async Task<RunFillState> TakePageAsync(DurableTaskClient client, RunFillState state, CancellationToken cancellationToken)
    {
        OrchestrationQuery query = new()
        {
            CreatedFrom = state.From,
            CreatedTo = state.Until,
            PageSize = PageSize,
            FetchInputsAndOutputs = true,
            ContinuationToken = state.Token,
        };
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages(state.Token).WithCancellation(cancellationToken))
        {
            RunEntry? last = null;
            foreach (OrchestrationMetadata run in page.Values)
            {
                RunEntry? known = await index.FindAsync(run.InstanceId, cancellationToken);
                last = RunEntries.Of(run, known, run.LastUpdatedAt.ToUniversalTime());
                await recorder.QueueAsync(last, cancellationToken);
            }
            if (last is not null)
            {
                await recorder.RecordAsync(last, cancellationToken);
            }
            return state with
            {
                Token = page.ContinuationToken,
                Done = state.Done + page.Values.Count,
                IsComplete = page.ContinuationToken is null,
            };
        }
        return state with { IsComplete = true };
    }
}
