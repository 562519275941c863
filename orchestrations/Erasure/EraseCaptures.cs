using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Erasure;

/// <param name="Assets">Whose captured predictions are searched for; null where that is still to be found out.</param>
/// <param name="Since">When the search for these began.</param>
/// <param name="After">Up to where files were searched; null at the beginning.</param>
/// <param name="Searched">Files, by the parts of the run before this one.</param>
public sealed record EraseCapturesInput(
    IReadOnlyList<PendingErasure>? Assets = null,
    DateTimeOffset Since = default,
    CapturePlace? After = null,
    long Searched = 0,
    long Removed = 0
);

/// <summary>A place in the captured files of all stores.</summary>
/// <param name="After">As listings of the store go on; null at its beginning.</param>
public sealed record CapturePlace(string Store, string? After);

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"searching" or "completed".</param>
/// <param name="Searched">Files.</param>
/// <param name="Removed">Lines.</param>
public sealed record EraseCapturesStatus(string Stage, int Assets, long Searched, long Removed);

/// <param name="Next">Null where there are no more files.</param>
public sealed record SearchedCaptures(int Searched, int Removed, CapturePlace? Next);

/// <summary>
/// Takes the captured predictions of erased assets out of all files, in one search for many assets and a little at a time, so that it slows
/// nothing else.
/// </summary>
[StartedBy("DELETE /api/assets/{id}", MayRestart = true)]
public static class EraseCaptures
{
    internal const int AssetsAtOnce = 500;
    internal static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private const int PartsOfRun = 100; // its history then begins anew

    [Function(nameof(EraseCaptures))]
    public static async Task<EraseCapturesStatus> RunAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        EraseCapturesInput input
    )
    {
        if (input.Assets is null)
        {
            IReadOnlyList<PendingErasure> pending = await context.CallActivityAsync<IReadOnlyList<PendingErasure>>(
                nameof(ListPendingErasures),
                context.CurrentUtcDateTime,
                StepRetries.TenMinutes
            );
            if (pending.Count == 0)
            {
                return Tell(context, new EraseCapturesStatus("completed", 0, input.Searched, input.Removed));
            }
            input = input with { Assets = pending, Since = context.CurrentUtcDateTime, After = null };
        }
        for (int part = 0; part < PartsOfRun; part++)
        {
            Tell(context, new EraseCapturesStatus("searching", input.Assets.Count, input.Searched, input.Removed));
            SearchedCaptures some = await context.CallActivityAsync<SearchedCaptures>(
                nameof(EraseCapturesPart),
                input,
                StepRetries.TenMinutes
            );
            input = input with { After = some.Next, Searched = input.Searched + some.Searched, Removed = input.Removed + some.Removed };
            if (some.Next is null)
            {
                await context.CallActivityAsync(nameof(EndCapturesErasure), input, StepRetries.TenMinutes);
                input = input with { Assets = null }; // looks for more
                break;
            }
            await context.CreateTimer(Pause, CancellationToken.None);
        }
        context.ContinueAsNew(input);
        return Tell(context, new EraseCapturesStatus("searching", input.Assets?.Count ?? 0, input.Searched, input.Removed));
    }

    private static EraseCapturesStatus Tell(TaskOrchestrationContext context, EraseCapturesStatus status)
    {
        context.SetCustomStatus(status);
        return status;
    }
}
