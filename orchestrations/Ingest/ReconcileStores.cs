using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Operations;

namespace Serverless.Orchestrations.Ingest;

/// <param name="Grace">Uploads younger than this are left alone; null for what is configured.</param>
/// <param name="LostSince">Names what was lost since then; null for nothing.</param>
public sealed record ReconcileAsked(TimeSpan? Grace, DateTimeOffset? LostSince);

/// <summary>A reconcile that somebody asked for, as a run: of large stores it takes longer than a request may.</summary>
[StartedBy("POST /api/reconcile")]
public static class ReconcileStores
{
    [Function(nameof(ReconcileStores))]
    public static Task<IReadOnlyList<ReconcileReport>> RunAsync(
        [OrchestrationTrigger] TaskOrchestrationContext context,
        ReconcileAsked asked
    ) => context.CallActivityAsync<IReadOnlyList<ReconcileReport>>(nameof(ReconcileOnce), asked, StepRetries.TenMinutes);

    /// <summary>Starts one and says its id; what is asked for at the very same moment is one.</summary>
    public static async Task<string> StartReconcileAsync(
        this DurableTaskClient client,
        ReconcileAsked asked,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"reconcile-{now.UtcDateTime:yyyyMMddHHmmssfffffff}");
        await client.ScheduleOnceAsync(nameof(ReconcileStores), asked, id, cancellationToken);
        return id;
    }
}

/// <summary>Has no key: what it begins, it begins once, however often it runs.</summary>
public sealed class ReconcileOnce(Reconciliation reconciliation)
{
    [Function(nameof(ReconcileOnce))]
    public Task<IReadOnlyList<ReconcileReport>> RunAsync(
        [ActivityTrigger] ReconcileAsked asked,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => reconciliation.RunAsync(client, asked.Grace, asked.LostSince, cancellationToken);
}
