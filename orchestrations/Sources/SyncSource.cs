using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Sources;

/// <summary>
/// Begins the run of everything in a source that has none, part by part, at a bounded rate and behind new uploads. It goes on where it was
/// when its host ended, and ends where the source is paused, changed or removed.
/// </summary>
[StartedBy(
    "POST /api/sources",
    "PATCH /api/sources/{store}/{name}",
    "POST /api/sources/{store}/{name}/resume",
    "POST /api/sources/{store}/{name}/sync"
)]
public static class SyncSource
{
    internal static readonly TimeSpan BusyPause = TimeSpan.FromSeconds(5);

    private const int MaxErrors = 5;
    private const int PartsOfRun = 50; // its history then begins anew

    [Function(nameof(SyncSource))]
    public static async Task<SyncStatus> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, SyncInput input)
    {
        SyncStatus status = input.Status ?? new SyncStatus("counting", new SyncCounts());
        SourceCursor at = input.At ?? new SourceCursor();
        bool isCounted = input.IsCounted;
        for (int part = 0; part < PartsOfRun; part++)
        {
            context.SetCustomStatus(status);
            SyncStep step = new(input.Store, input.Name, input.Sync, at);
            if (!isCounted)
            {
                CountedPart counted = await context.CallActivityAsync<CountedPart>(nameof(CountSource), step, StepRetries.SixMinutes);
                status = status with { Counts = status.Counts with { Total = (status.Counts.Total ?? 0) + counted.Seen } };
                if (counted.Stopped is not null || counted.Fault is not null)
                {
                    return End(context, status, counted.Stopped, counted.Fault);
                }
                isCounted = counted.Next is null;
                at = counted.Next ?? new SourceCursor();
                continue;
            }

            DateTime begun = context.CurrentUtcDateTime;
            status = status with { Stage = "syncing", Begun = status.Begun ?? begun };
            SyncedPart synced = await context.CallActivityAsync<SyncedPart>(nameof(SyncSourcePart), step, StepRetries.SixMinutes);
            if (synced.Stopped is not null || synced.Fault is not null)
            {
                return End(context, status, synced.Stopped, synced.Fault);
            }
            if (synced.IsBusy)
            {
                status = status with { Stage = "waitingForUploads" };
                context.SetCustomStatus(status);
                await context.CreateTimer(BusyPause, CancellationToken.None);
                continue;
            }
            DateTime next = begun + TimeSpan.FromSeconds((double)synced.Counts.Begun / synced.RatePerSecond);
            if (next > context.CurrentUtcDateTime && synced.Next is not null)
            {
                await context.CreateTimer(next, CancellationToken.None);
            }
            status = After(status, synced, context.CurrentUtcDateTime);
            if (synced.Next is null)
            {
                await context.CallActivityAsync(nameof(EndSourceSync), step, StepRetries.SixMinutes);
                return End(context, status, stopped: null, fault: null);
            }
            at = synced.Next;
        }
        context.ContinueAsNew(input with { IsCounted = isCounted, At = at, Status = status });
        return status;
    }

    private static SyncStatus After(SyncStatus status, SyncedPart part, DateTimeOffset now)
    {
        SyncCounts sum = status.Counts with
        {
            Seen = status.Counts.Seen + part.Counts.Seen,
            Matched = status.Counts.Matched + part.Counts.Matched,
            Begun = status.Counts.Begun + part.Counts.Begun,
            Known = status.Counts.Known + part.Counts.Known,
            Skipped = status.Counts.Skipped + part.Counts.Skipped,
            Failed = status.Counts.Failed + part.Counts.Failed,
        };
        double seconds = (now - status.Begun!.Value).TotalSeconds;
        double? perSecond = seconds > 0 && sum.Seen > 0 ? sum.Seen / seconds : null;
        string[] errors = [.. (status.Errors ?? []).Concat(part.Errors ?? []).TakeLast(MaxErrors)];
        return status with
        {
            Counts = sum,
            PerSecond = perSecond,
            SecondsLeft = sum.Total is { } total && perSecond is { } pace ? Math.Max(0, total - sum.Seen) / pace : null,
            Errors = errors.Length > 0 ? errors : null,
        };
    }

    private static SyncStatus End(TaskOrchestrationContext context, SyncStatus status, string? stopped, string? fault)
    {
        SyncStatus end = status with
        {
            Stage =
                fault is not null ? "failed"
                : stopped is not null ? "stopped"
                : "completed",
            SecondsLeft = null,
            Reason = fault ?? stopped,
        };
        context.SetCustomStatus(end);
        return end;
    }
}
