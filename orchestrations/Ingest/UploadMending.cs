using Microsoft.DurableTask.Client;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

/// <summary>
/// What is to be done about an object that a listing shows: its run is begun, or the next where one ended without a result; what was
/// analysed elsewhere is indexed. Whatever it does is idempotent. Thread-safe.
/// </summary>
public sealed class UploadMending(AssetStores stores, Ledger ledger, IAssetIndex index, ReconcileOptions options, TimeProvider time)
{
    /// <param name="entry">The newest that the ledger has of the asset; null where it has none.</param>
    internal bool IsNeeded(AssetSource source, StoredObject stored, LedgerEntry? entry) =>
        entry?.StoreVersion != source.Version
        || entry.StorageClass != stored.StorageClass
        || entry.State switch
        {
            AssetState.Processed => !index.Knows(source.AssetId, source.VersionId),
            AssetState.Quarantined => IsRestored(stored, entry) || index.Holds(source.AssetId),
            _ => true,
        };

    /// <summary>It was given up since it was archived, and can be read by now.</summary>
    private static bool IsRestored(StoredObject stored, LedgerEntry entry) =>
        entry.Failure?.Kind == FailureKind.Archived && !stored.IsArchived;

    /// <summary>Whether no run of this version has begun, or what was begun is gone: mending it begins one.</summary>
    internal static bool IsNew(AssetSource source, LedgerEntry? entry) =>
        entry?.StoreVersion != source.Version || entry.State is AssetState.Gone or AssetState.Superseded;

    /// <summary>Of an object that an event tells of: what is new, or was restored, is begun. Whether it was.</summary>
    public async Task<bool> BeginAsync(
        DurableTaskClient client,
        AssetSource source,
        StoredObject stored,
        LedgerEntry? entry,
        CancellationToken cancellationToken
    ) =>
        IsNeeded(source, stored, entry)
        && await MendAsync(client, source, stored, entry, TimeSpan.Zero, cancellationToken) == Mended.Started;

    /// <param name="grace">One that was uploaded later than so long ago is left to its event.</param>
    internal async Task<Mended> MendAsync(
        DurableTaskClient client,
        AssetSource source,
        StoredObject stored,
        LedgerEntry? entry,
        TimeSpan grace,
        CancellationToken cancellationToken
    )
    {
        if (entry is null || entry.StoreVersion != source.Version)
        {
            return await StartUnknownAsync(client, source, stored.LastModified, grace, cancellationToken);
        }
        if (entry.StorageClass != stored.StorageClass)
        {
            await ledger.UpdateKnownAsync(source, (known, _) => known.InClass(stored.StorageClass), cancellationToken);
        }
        return entry.State switch
        {
            AssetState.Processed => index.Knows(source.AssetId, source.VersionId)
                ? Mended.Nothing
                : await IndexAsync(client, source, entry, cancellationToken),
            AssetState.Processing => await UnblockAsync(client, source, entry, cancellationToken),
            AssetState.Quarantined when !IsRestored(stored, entry) => await WithdrawAsync(source, entry, cancellationToken),
            AssetState.Gone => await ReturnAsync(client, source, entry, cancellationToken),
            _ => await StartNextAsync(client, source, entry, cancellationToken),
        };
    }

    /// <summary>It was given up elsewhere, and is found by what it replaced.</summary>
    private async Task<Mended> WithdrawAsync(AssetSource source, LedgerEntry entry, CancellationToken cancellationToken)
    {
        await index.WithdrawAsync(source.AssetId, entry, cancellationToken);
        return Mended.Nothing;
    }

    /// <summary>It was deleted, and is there again: its delete marker was removed, or it was undeleted.</summary>
    private async Task<Mended> ReturnAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    )
    {
        await ledger.NoteAsync(source.Store, source.AssetId, RemovalKind.Returned, versionId: null, cancellationToken);
        return await StartNextAsync(client, source, entry, cancellationToken);
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
    /// A run that ended without a result is followed by another. What a Lambda function began, which has no run here, goes on as that run,
    /// so that its attempts count. A run that waits for an answer which was lost is given it; a job that still waits in its bucket is left
    /// there.
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
                ? await StartFromAsync(client, source, entry.Run, cancellationToken)
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

    private static Task<Mended> StartNextAsync(
        DurableTaskClient client,
        AssetSource source,
        LedgerEntry entry,
        CancellationToken cancellationToken
    ) => StartFromAsync(client, source, entry.Run + 1, cancellationToken);

    private static async Task<Mended> StartFromAsync(
        DurableTaskClient client,
        AssetSource source,
        int first,
        CancellationToken cancellationToken
    ) =>
        await FindNextRunAsync(client, source, first, cancellationToken) is { } run
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
