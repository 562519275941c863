using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Runs;

/// <summary>How far the index has been filled from a run store that is older than it.</summary>
/// <param name="Until">Runs created before are taken from the run store; those since were recorded.</param>
/// <param name="Token">The run store's own, of the page to go on with; null at the beginning.</param>
/// <param name="Done">Runs taken so far.</param>
/// <param name="BegunAnew">How often the run store refused the token, so that the fill began anew.</param>
public sealed record RunFillState(DateTimeOffset? From, DateTimeOffset Until, string? Token, int Done, bool IsComplete, int BegunAnew = 0);

/// <summary>
/// Fills the index once with the runs that were there before it, and again with those of a time of which entries were dropped. It goes on
/// where the process before it ended.
/// </summary>
public sealed class RunFill(RunIndex index, RunRecorder recorder, IEnumerable<IObjectStore> stores, TimeProvider time, ILogger<RunFill> log)
{
    /// <summary>The most times that one fill begins anew.</summary>
    internal const int MaxBegunAnew = 3;

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
        Page<OrchestrationMetadata>? page;
        try
        {
            page = await ReadPageAsync(client, state, cancellationToken);
        }
        catch (Exception e) when (state is { Token: not null, BegunAnew: < MaxBegunAnew } && IsRefusal(e))
        {
            // Where the run store itself is at fault, its first page fails too, and the state stays as it was.
            log.FillBeginsAnew(e, state.Done, state.BegunAnew + 1, MaxBegunAnew);
            state = state with { Token = null, Done = 0, BegunAnew = state.BegunAnew + 1 };
            page = await ReadPageAsync(client, state, cancellationToken);
        }
        return await RecordAsync(state, page, cancellationToken);
    }

    private static async Task<Page<OrchestrationMetadata>?> ReadPageAsync(
        DurableTaskClient client,
        RunFillState state,
        CancellationToken cancellationToken
    )
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
            return page;
        }
        return null;
    }

    /// <summary>
    /// Whether a run store does not know the token, for instance since another provider or version of it made it. Providers say that in
    /// ways of their own, so whatever is not a matter of reaching the store counts.
    /// </summary>
    private static bool IsRefusal(Exception fault) =>
        fault switch
        {
            RpcException { StatusCode: var code } => code
                is StatusCode.Unknown
                    or StatusCode.Internal
                    or StatusCode.InvalidArgument
                    or StatusCode.FailedPrecondition
                    or StatusCode.OutOfRange,
            _ => fault is ArgumentException or FormatException or InvalidOperationException,
        };

    private async Task<RunFillState> RecordAsync(RunFillState state, Page<OrchestrationMetadata>? page, CancellationToken cancellationToken)
    {
        if (page is null)
        {
            return state with { IsComplete = true };
        }
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
}
