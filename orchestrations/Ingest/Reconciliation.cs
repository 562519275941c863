using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Orchestrations.Sources;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// Compares every listing with the ledger and mends what events have missed: starts what no run knows, indexes what was analysed elsewhere,
/// forgets what was deleted. Whatever it starts is idempotent, so it may run beside events, and beside itself. Holds an id per asset.
/// </summary>
public sealed class Reconciliation(
    AssetStores stores,
    LedgerViews views,
    IAssetIndex index,
    AssetErasure erasure,
    SidecarRevision sidecars,
    LostUploads lostUploads,
    SourceBook sources,
    SourceListing listing,
    UploadMending mending,
    ReconcileOptions options,
    TimeProvider time,
    ILogger<Reconciliation> log
)
{
    private const int ParallelWork = 8;

    /// <param name="lostSince">
    /// Whether to name what runs begun since then knew and no store has; null for not, since it reads each of those runs.
    /// </param>
    /// <exception cref="AggregateException">Of stores that could not be reconciled; the others were.</exception>
    public async Task<IReadOnlyList<ReconcileReport>> RunAsync(
        DurableTaskClient client,
        TimeSpan? grace,
        DateTimeOffset? lostSince,
        CancellationToken cancellationToken
    )
    {
        await index.RefreshAsync(cancellationToken);
        IReadOnlyList<DamagedSegment> damaged = index.Damaged; // what is found from here on, the next reconcile mends
        // Before anything is mended: a ledger that says of an upload that it is gone knows it.
        ILookup<string, string>? lost = lostSince is { } since ? await lostUploads.FindAsync(client, since, cancellationToken) : null;
        List<ReconcileReport> reports = [];
        List<Exception> faults = [];
        foreach (IObjectStore store in stores.All)
        {
            try
            {
                ReconcileReport report = await RunAsync(store, client, grace ?? options.Grace, cancellationToken);
                log.Reconciled(report.Store, report.Listed, report.Started, report.Indexed, report.Gone);
                await client.EnsureAsync(
                    (await sources.ListAsync(cancellationToken)).Items.Where(one => one.Store == store.Name),
                    cancellationToken
                );
                reports.Add(lost is null ? report : report with { Lost = [.. lost[store.Name]] });
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                faults.Add(new IOException($"Store '{store.Name}' could not be reconciled: {e.Message}", e));
            }
        }
        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
        if (reports.TrueForAll(report => report.Failed == 0))
        {
            await index.SetAsideAsync(damaged, cancellationToken);
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
        int erased = await erasure.RepeatAsync(store.Name, asset => view.Find(asset) is not null, cancellationToken);
        if (erased > 0)
        {
            await view.RefreshAsync(cancellationToken);
        }
        SourceCoverage coverage = await sources.LoadCoverageAsync(store.Name, cancellationToken);
        HashSet<string> listed = new(StringComparer.Ordinal);
        List<Func<CancellationToken, Task<Mended>>> work = [];
        IngestSummary summary = view.CountAdded();
        await foreach (StoredObject stored in store.ListAsync(AssetLayout.MediaPrefix, cancellationToken))
        {
            AssetSource source = AssetStores.SourceOf(store, stored);
            summary = summary.Count(view.StateOf(source));
            listed.Add(source.AssetId);
            Consider(source, stored, beginsNew: true);
        }
        List<MediaSource> looked = [.. coverage.All.Where(source => source.IsBuiltIn)];
        foreach (MediaSource added in coverage.Added)
        {
            if (await TryListAsync(added, Consider, listed, cancellationToken))
            {
                looked.Add(added);
            }
        }
        foreach (LedgerRow row in view.NewestFirst().Where(row => !listed.Contains(row.Asset) && NeedsForgetting(row)))
        {
            // What no source covers any more stays as it is, and so does what could not be listed.
            if (looked.Any(source => source.Covers(row.Container, row.Key)))
            {
                work.Add(token => ForgetAsync(client, row, token));
            }
        }
        await view.SaveAsync(summary, asOf, cancellationToken);
        return ReconcileReport.Of(store.Name, listed.Count, erased, await DoAsync(work, cancellationToken));

        void Consider(AssetSource source, StoredObject stored, bool beginsNew)
        {
            LedgerEntry? entry = view.Find(source.AssetId)?.Entry;
            if (mending.IsNeeded(source, stored, entry) && (beginsNew || !UploadMending.IsNew(source, entry)))
            {
                work.Add(token => mending.MendAsync(client, source, stored, entry, grace, token));
            }
        }
    }

    /// <summary>False where the container is gone or refused, which says nothing of its objects.</summary>
    private async Task<bool> TryListAsync(
        MediaSource source,
        Action<AssetSource, StoredObject, bool> consider,
        HashSet<string> listed,
        CancellationToken cancellationToken
    )
    {
        try
        {
            IObjectStore media = stores[source.Store].In(source.Container);
            for (SourceCursor? at = new(); at is not null; )
            {
                SourcePage page = await listing.ListAsync(source, at, cancellationToken);
                foreach (StoredObject stored in page.Objects)
                {
                    AssetSource found = AssetStores.SourceOf(media, stored);
                    if (source.Covers(found.Container, found.Key) && listed.Add(found.AssetId))
                    {
                        consider(found, stored, source.BeginsNew);
                    }
                }
                at = page.Next;
            }
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.SourceNotListed(e, source.Store, source.Name);
            return false;
        }
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
}
