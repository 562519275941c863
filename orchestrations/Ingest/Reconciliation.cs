using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Assets;
using Serverless.Assets.Analyzers;
using Serverless.Assets.Index;
using Serverless.Assets.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>What one reconcile of one store found and did.</summary>
public sealed record ReconcileReport(
    string Store, long Listed = 0, long Started = 0, long Indexed = 0, long Answered = 0, long Gone = 0, long TooYoung = 0);

public sealed class ReconcileOptions
{
    /// <summary>An upload without a ledger entry is left alone for so long, 1 minute by default: its event may be under way.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>What has been processing for so long without a change is looked into, 15 minutes by default.</summary>
    public TimeSpan StuckAfter { get; set; } = TimeSpan.FromMinutes(15);

    public IEnumerable<string> Validate()
    {
        if (Grace < TimeSpan.Zero) yield return $"Reconcile:Grace is {Grace}; allowed is zero or more.";
        if (StuckAfter < TimeSpan.Zero) yield return $"Reconcile:StuckAfter is {StuckAfter}; allowed is zero or more.";
    }
}

/// <summary>
/// Compares every listing with the ledger and mends what events have missed: starts what no run knows, indexes what was analysed elsewhere,
/// forgets what was deleted. Whatever it starts is idempotent, so it may run beside events, and beside itself. Holds an id per asset.
/// </summary>
public sealed class Reconciliation(
    AssetStores stores, Ledger ledger, LedgerViews views, AssetIndex index, ReconcileOptions options, TimeProvider time, ILogger<Reconciliation> log)
{
    public async Task<IReadOnlyList<ReconcileReport>> RunAsync(
        DurableTaskClient client, TimeSpan? grace, CancellationToken cancellationToken)
    {
        await index.RefreshAsync(cancellationToken);
        List<ReconcileReport> reports = [];
        foreach (IObjectStore store in stores.All)
        {
            ReconcileReport report = await RunAsync(store, client, grace ?? options.Grace, cancellationToken);
            log.Reconciled(report.Store, report.Listed, report.Started, report.Indexed, report.Gone);
            reports.Add(report);
        }
        return reports;
    }

    private async Task<ReconcileReport> RunAsync(
        IObjectStore store, DurableTaskClient client, TimeSpan grace, CancellationToken cancellationToken)
    {
        LedgerView view = views[store.Name];
        await view.RefreshAsync(cancellationToken);
        ReconcileReport report = new(store.Name);
        HashSet<string> listed = new(StringComparer.Ordinal);
        await foreach (StoredObject stored in store.ListAsync(AssetLayout.MediaPrefix, cancellationToken))
        {
            AssetSource source = AssetStores.SourceOf(store, stored);
            listed.Add(source.AssetId);
            report = report with { Listed = report.Listed + 1 };
            LedgerRow? row = view.Find(source.AssetId);
            report = row?.Entry.StoreVersion == source.Version
                ? await MendAsync(report, client, source, row.Entry, cancellationToken)
                : await StartUnknownAsync(report, client, source, stored.LastModified, grace, cancellationToken);
        }
        foreach (LedgerRow row in view.NewestFirst().Where(row => !listed.Contains(row.Asset)))
            report = await ForgetAsync(report, store, row, cancellationToken);
        return report;
    }

    /// <summary>An upload of which no event has arrived.</summary>
    private async Task<ReconcileReport> StartUnknownAsync(
        ReconcileReport report, DurableTaskClient client, AssetSource source, DateTimeOffset uploaded, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (grace > TimeSpan.Zero && time.GetUtcNow() - uploaded < grace) return report with { TooYoung = report.TooYoung + 1 };
        await ledger.UpdateAsync(source, (known, _) => known, cancellationToken);
        return await StartAsync(report, client, source, 1, cancellationToken);
    }

    private async Task<ReconcileReport> MendAsync(
        ReconcileReport report, DurableTaskClient client, AssetSource source, LedgerEntry entry, CancellationToken cancellationToken)
    {
        switch (entry.State)
        {
            case AssetState.Processed when !index.Knows(source.AssetId, source.VersionId):
                bool added = await index.AddAsync(source, cancellationToken);
                return report with { Indexed = report.Indexed + (added ? 1 : 0) };
            case AssetState.Expected or AssetState.Gone or AssetState.Superseded:
                return await StartAsync(report, client, source, entry.Run + 1, cancellationToken);
            case AssetState.Processing when time.GetUtcNow() - entry.Changed >= options.StuckAfter:
                return await UnblockAsync(report, client, source, entry, cancellationToken);
            default:
                return report;
        }
    }

    /// <summary>
    /// A run that ended without a result is followed by another; one that waits for an answer which was lost is given it; a job that still
    /// waits in its bucket is left there.
    /// </summary>
    private async Task<ReconcileReport> UnblockAsync(
        ReconcileReport report, DurableTaskClient client, AssetSource source, LedgerEntry entry, CancellationToken cancellationToken)
    {
        string instance = source.InstanceId(entry.Run);
        if (await stores[source.Store].FindAsync(AssetLayout.BucketJob(instance), cancellationToken) is not null) return report;
        OrchestrationMetadata? run = await client.GetInstanceAsync(instance, cancellationToken);
        if (run is null or { IsCompleted: true }) return await StartAsync(report, client, source, entry.Run + 1, cancellationToken);
        string analysis = AssetLayout.Analysis(source.AssetId, source.VersionId);
        if (await stores[source.Store].FindAsync(analysis, cancellationToken) is null) return report;
        await client.RaiseEventAsync(
            instance, GpuCompletionMessage.EventName, new GpuCompletionMessage(instance, instance, Failure: null), cancellationToken);
        return report with { Answered = report.Answered + 1 };
    }

    private async Task<ReconcileReport> ForgetAsync(
        ReconcileReport report, IObjectStore store, LedgerRow row, CancellationToken cancellationToken)
    {
        bool known = row.State is AssetState.Gone or AssetState.Superseded;
        if (known && !index.Holds(row.Asset)) return report;
        AssetSource source = row.Source;
        // Uploaded while the listing was read.
        if (await store.FindAsync(stores.PathOf(source), cancellationToken) is not null) return report;
        await index.RemoveAsync(row.Asset, row.Entry.Version, cancellationToken);
        await ledger.UpdateAsync(source, (entry, now) => entry.Vanish(now), cancellationToken);
        return report with { Gone = report.Gone + 1 };
    }

    private static async Task<ReconcileReport> StartAsync(
        ReconcileReport report, DurableTaskClient client, AssetSource source, int run, CancellationToken cancellationToken) =>
        await client.StartAsync(source, run, cancellationToken) ? report with { Started = report.Started + 1 } : report;
}
