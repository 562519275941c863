using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// Compares every listing with the ledger and mends what events have missed: starts what no run knows, indexes what was analysed elsewhere,
/// forgets what was deleted. Whatever it starts is idempotent, so it may run beside events, and beside itself. Holds an id per asset.
/// </summary>
public sealed class Reconciliation(
    AssetStores stores,
    Ledger ledger,
    LedgerViews views,
    IAssetIndex index,
    AssetErasure erasure,
    SidecarRevision sidecars,
    LostUploads lostUploads,
    ReconcileOptions options,
    TimeProvider time,
    ILogger<Reconciliation> log
)
{
    private const int ParallelWork = 8;

    /// <param name="lostSince">
    /// Whether to name what runs begun since then knew and no store has; null for not, since it reads each of those runs.
    /// </param>
    public async Task<IReadOnlyList<ReconcileReport>> RunAsync(
        DurableTaskClient client,
        TimeSpan? grace,
        DateTimeOffset? lostSince,
        CancellationToken cancellationToken
    )
    {
        await index.RefreshAsync(cancellationToken);
        // Before anything is mended: a ledger that says of an upload that it is gone knows it.
        ILookup<string, string>? lost = lostSince is { } since ? await lostUploads.FindAsync(client, since, cancellationToken) : null;
        List<ReconcileReport> reports = [];
        foreach (IObjectStore store in stores.All)
        {
            ReconcileReport report = await RunAsync(store, client, grace ?? options.Grace, cancellationToken);
            log.Reconciled(report.Store, report.Listed, report.Started, report.Indexed, report.Gone);
            reports.Add(lost is null ? report : report with { Lost = [.. lost[store.Name]] });
        }
        return reports;
    }

    private async Task<ReconcileReport> RunAsync(
        IObjectStore store,
        DurableTaskClient client,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        LedgerView view = views[store.Name];
        DateTimeOffset asOf = time.GetUtcNow();
        await view.RefreshAsync(cancellationToken);
        HashSet<string> listed = new(StringComparer.Ordinal);
        List<Func<CancellationToken, Task<Mended>>> work = [];
        IngestSummary summary = new(store.Name);
        await foreach (StoredObject stored in store.ListAsync(AssetLayout.MediaPrefix, cancellationToken))
        {
            AssetSource source = AssetStores.SourceOf(store, stored);
            summary = summary.Count(view.StateOf(source));
            listed.Add(source.AssetId);
            LedgerEntry? entry = view.Find(source.AssetId)?.Entry;
            if (entry?.StoreVersion != source.Version)
            {
                work.Add(token => StartUnknownAsync(client, source, stored.LastModified, grace, token));
            }
            else if (NeedsMending(source, entry))
            {
                work.Add(token => MendAsync(client, source, entry, token));
            }
        }
        foreach (LedgerRow row in view.NewestFirst().Where(row => !listed.Contains(row.Asset) && NeedsForgetting(row)))
        {
            work.Add(token => ForgetAsync(client, row, token));
        }
        await view.SaveAsync(summary, asOf, cancellationToken);
        return ReconcileReport.Of(store.Name, summary.Expected, await DoAsync(work, cancellationToken));
    }

    private async Task<IEnumerable<Mended>> DoAsync(
        IEnumerable<Func<CancellationToken, Task<Mended>>> work,
        CancellationToken cancellationToken
    )
    {
        ConcurrentBag<Mended> done = [];
        await Parallel.ForEachAsync(
            work,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWork, CancellationToken = cancellationToken },
            async (one, token) => done.Add(await TryAsync(one, token))
        );
        return done;
    }

    /// <summary>What cannot be mended now stays as it is for the next time, and keeps nothing else from being mended.</summary>
    private async Task<Mended> TryAsync(Func<CancellationToken, Task<Mended>> one, CancellationToken cancellationToken)
    {
        try
        {
            return await one(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.NotMended(e);
            return Mended.Failed;
        }
    }

    /// <summary>
    /// An upload that the ledger does not know: no event of it has arrived, or its entry was lost with a store that was set back. Where a
    /// run of it has ended already, the next one begins at once.
    /// </summary>
    private async Task<Mended> StartUnknownAsync(
        DurableTaskClient client,
        AssetSource source,
        DateTimeOffset uploaded,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        if (await FindNextRunAsync(client, source, 1, cancellationToken) is not { } run)
        {
            return Mended.Nothing;
        }
        if (run == 1 && grace > TimeSpan.Zero && time.GetUtcNow() - uploaded < grace)
        {
            return Mended.TooYoung;
        }
        await ledger.UpdateAsync(source, (known, _) => known, cancellationToken);
        return await StartAsync(client, source, run, cancellationToken);
    }

    private bool NeedsMending(AssetSource source, LedgerEntry entry) =>
        entry.State switch
        {
            AssetState.Processed => !index.Knows(source.AssetId, source.VersionId),
            AssetState.Quarantined => false,
            _ => true,
        };

    private async Task<Mended> MendAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    ) =>
        entry.State switch
        {
            AssetState.Processed => await IndexAsync(client, source, entry, cancellationToken),
            AssetState.Processing => await UnblockAsync(client, source, entry, cancellationToken),
            _ => await StartNextAsync(client, source, entry, cancellationToken),
        };

    /// <summary>An analysis that its store lost is made anew.</summary>
    private async Task<Mended> IndexAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    )
    {
        if (await stores[source.Store].FindAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), cancellationToken) is not null)
        {
            return await index.AddAsync(source, cancellationToken) ? Mended.Indexed : Mended.Nothing;
        }
        await ledger.UpdateAsync(source, (known, now) => known.Reopen(now), cancellationToken);
        return await StartNextAsync(client, source, entry, cancellationToken);
    }

    /// <summary>
    /// A run that ended without a result is followed by another; one that waits for an answer which was lost is given it; a job that still
    /// waits in its bucket is left there.
    /// </summary>
    private async Task<Mended> UnblockAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    )
    {
        string instance = source.InstanceId(entry.Run);
        IObjectStore store = stores[source.Store];
        if (await store.FindAsync(AssetLayout.BucketJob(instance), cancellationToken) is not null)
        {
            return Mended.Nothing;
        }
        OrchestrationMetadata? run = await client.GetInstanceAsync(instance, cancellationToken);
        if (run is null or { IsCompleted: true })
        {
            return await StillStandsAsync(source, entry, cancellationToken)
                ? await StartNextAsync(client, source, entry, cancellationToken)
                : Mended.Nothing;
        }
        if (
            time.GetUtcNow() - entry.Changed < options.StuckAfter
            || await store.FindAsync(AssetLayout.Analysis(source.AssetId, source.VersionId), cancellationToken) is null
        )
        {
            return Mended.Nothing;
        }
        await client.RaiseEventAsync(
            instance,
            GpuCompletionMessage.EventName,
            new GpuCompletionMessage(instance, instance, Failure: null),
            cancellationToken
        );
        return Mended.Answered;
    }

    /// <summary>The view was read before: the run may have come to its result since.</summary>
    private async Task<bool> StillStandsAsync(AssetSource source, LedgerEntry entry, CancellationToken cancellationToken) =>
        (await ledger.ReadAsync(source.Store, source.AssetId, cancellationToken))?.Find(source.VersionId)
            is { State: AssetState.Processing } now
        && now.Run == entry.Run;

    private bool NeedsForgetting(LedgerRow row) => row.State != AssetState.Gone || index.Holds(row.Asset);

    /// <summary>One that was uploaded while the listing was read stays.</summary>
    private async Task<Mended> ForgetAsync(DurableTaskClient client, LedgerRow row, CancellationToken cancellationToken)
    {
        if (await erasure.ForgetAsync(row.Store, row.Container, row.Key, cancellationToken) is not { } last)
        {
            return Mended.Nothing;
        }
        await client.ReviseAsync(await sidecars.FindLeftAsync(last, cancellationToken), cancellationToken);
        return Mended.Gone;
    }

    private static async Task<Mended> StartNextAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    ) =>
        await FindNextRunAsync(client, source, entry.Run + 1, cancellationToken) is { } run
            ? await StartAsync(client, source, run, cancellationToken)
            : Mended.Nothing;

    /// <summary>The first run from this one on that the run store does not know. Null while one of those before it is at work.</summary>
    private static async Task<int?> FindNextRunAsync(
        DurableTaskClient client,
        AssetSource source,
        int first,
        CancellationToken cancellationToken
    )
    {
        for (int run = first; ; run++)
        {
            OrchestrationMetadata? known = await client.GetInstanceAsync(source.InstanceId(run), cancellationToken);
            if (known is null)
            {
                return run;
            }
            if (!known.IsCompleted)
            {
                return null;
            }
        }
    }

    private static async Task<Mended> StartAsync(
        DurableTaskClient client,
        AssetSource source,
        int run,
        CancellationToken cancellationToken
    ) => await client.StartAsync(source, run, cancellationToken) ? Mended.Started : Mended.Nothing;
}
