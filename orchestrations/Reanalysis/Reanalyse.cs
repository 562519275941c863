using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Reanalysis;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Reanalysis;

/// <summary>How far it has come.</summary>
/// <param name="Total">Assets that it may concern.</param>
/// <param name="Scanned">Of which so many were looked at.</param>
/// <param name="Analysed">Analysed anew, or put into their space.</param>
/// <param name="Failed">Given up; the analysis before stands.</param>
public sealed record ReanalysisCounts(int Total = 0, int Scanned = 0, int Analysed = 0, int Failed = 0);

/// <param name="After">The asset after which to go on; null at the beginning.</param>
public sealed record ReanalysisInput(ReanalysisRequest Request, string? After = null, ReanalysisCounts? Counts = null);

/// <summary>What the run shows of itself while it works.</summary>
/// <param name="Stage">"selecting", "waitingForUploads", "analysing", "completed", "stopped" or "cancelled".</param>
public sealed record ReanalysisStatus(string Stage, ReanalysisCounts Counts, string? Reason = null);

/// <summary>
/// Has the version that serves now look at what another version analysed, at a bounded rate and behind new uploads. It goes on where it was
/// when its host ended, and ends where another version serves: a rollback stops it.
/// </summary>
[AwaitsEvent(RunCancel.EventName, typeof(RunCancel), RaisedBy = "POST /api/reanalysis/{id}/cancel")]
public static class Reanalyse
{
    internal const int AtOnce = 4;
    internal static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(10);

    [Function(nameof(Reanalyse))]
    public static async Task<ReanalysisStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ReanalysisInput input)
    {
        ReanalysisCounts counts = input.Counts ?? new ReanalysisCounts();
        Task<RunCancel> cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        context.SetCustomStatus(new ReanalysisStatus("selecting", counts));
        ReanalysisPage page = await context.CallActivityAsync<ReanalysisPage>(nameof(SelectForReanalysis), input, StepRetries.SixMinutes);
        if (page.Stopped is { } reason)
        {
            return End(context, "stopped", counts, reason);
        }
        if (page.IsBusy)
        {
            context.SetCustomStatus(new ReanalysisStatus("waitingForUploads", counts));
            await context.CreateTimer(BusyPause, CancellationToken.None);
            return cancel.IsCompleted ? Cancelled(context, counts, await cancel) : Continue(context, input with { Counts = counts });
        }

        counts = counts with { Total = page.Total, Scanned = counts.Scanned + page.Scanned };
        foreach (RevisionInput[] some in page.Assets.Select(source => new RevisionInput(source, input.Request)).Chunk(AtOnce))
        {
            if (cancel.IsCompleted)
            {
                return Cancelled(context, counts, await cancel);
            }
            context.SetCustomStatus(new ReanalysisStatus("analysing", counts));
            DateTime begun = context.CurrentUtcDateTime;
            AnalysisStatus[] ended = await Task.WhenAll(some.Select(one => ReviseAsync(context, one)));
            counts = counts with
            {
                Analysed = counts.Analysed + ended.Count(status => status == AnalysisStatus.Analysed),
                Failed = counts.Failed + ended.Count(status => status == AnalysisStatus.Refused),
            };
            DateTime next = begun + TimeSpan.FromMinutes((double)some.Length / input.Request.RatePerMinute);
            if (next > context.CurrentUtcDateTime)
            {
                await context.CreateTimer(next, CancellationToken.None);
            }
        }
        return page.Next is null
            ? End(context, "completed", counts, null)
            : Continue(context, new ReanalysisInput(input.Request, page.Next, counts));
    }

    /// <summary>Each in a run of its own, to which a worker can answer.</summary>
    private static async Task<AnalysisStatus> ReviseAsync(TaskOrchestrationContext context, RevisionInput one)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<AnalysisStatus>(nameof(ReviseAsset), one);
        }
        catch (TaskFailedException)
        {
            return AnalysisStatus.Refused;
        }
    }

    private static ReanalysisStatus Continue(TaskOrchestrationContext context, ReanalysisInput next)
    {
        context.ContinueAsNew(next, preserveUnprocessedEvents: true);
        return new ReanalysisStatus("analysing", next.Counts!);
    }

    private static ReanalysisStatus Cancelled(TaskOrchestrationContext context, ReanalysisCounts counts, RunCancel cancel) =>
        End(context, "cancelled", counts, cancel.Reason is null ? $"by {cancel.By}" : $"by {cancel.By}: {cancel.Reason}");

    private static ReanalysisStatus End(TaskOrchestrationContext context, string stage, ReanalysisCounts counts, string? reason)
    {
        ReanalysisStatus status = new(stage, counts, reason);
        context.SetCustomStatus(status);
        return status;
    }
}
