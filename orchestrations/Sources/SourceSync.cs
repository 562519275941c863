using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Sources;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;

namespace Serverless.Orchestrations.Sources;

/// <summary>
/// The steps of a sync. Of each object it does what the reconcile would: begins its run where the ledger knows none of its version.
/// Thread-safe.
/// </summary>
public sealed class SourceSync(
    AssetStores stores,
    SourceBook book,
    SourceListing listing,
    LedgerViews views,
    Ledger ledger,
    UploadMending mending,
    ILogger<SourceSync> log
)
{
    /// <summary>Objects counted, and looked at, by one activity.</summary>
    private const int MaxCounted = 20_000;
    private const int MaxSeen = 2_000;
    private const int MaxErrors = 5;
    private const int MaxErrorCharacters = 300;
    private const int ParallelWork = 8;

    /// <summary>What is begun at once, in seconds of the rate.</summary>
    private const int BurstSeconds = 5;

    public async Task<CountedPart> CountAsync(SyncStep step, CancellationToken cancellationToken)
    {
        (MediaSource? source, string? stopped) = await FindAsync(step, cancellationToken);
        if (source is null)
        {
            return new(0, null, Stopped: stopped);
        }
        try
        {
            SourceTally tally = await listing.CountAsync(source, step.At, MaxCounted, cancellationToken);
            return new(tally.Seen, tally.Next);
        }
        catch (ContainerException e)
        {
            return new(0, null, Fault: e.Message);
        }
    }

    public async Task<SyncedPart> RunAsync(DurableTaskClient client, SyncStep step, CancellationToken cancellationToken)
    {
        (MediaSource? source, string? stopped) = await FindAsync(step, cancellationToken);
        if (source is null)
        {
            return new(new SyncCounts(), null, Stopped: stopped);
        }
        await views.RefreshPacedAsync(cancellationToken);
        int room = RevisionSelection.UploadsUnderWay - views.Count(AssetState.Expected, AssetState.Processing);
        if (room <= 0)
        {
            return new(new SyncCounts(), step.At, source.RatePerSecond, IsBusy: true);
        }
        try
        {
            int burst = Math.Min(room, source.RatePerSecond * BurstSeconds);
            (SyncCounts seen, List<Found> news, SourceCursor? next) = await LookAsync(source, step.At, burst, cancellationToken);
            (SyncCounts counts, string[] errors) = await BeginAsync(client, seen, news, cancellationToken);
            return new(counts, next, source.RatePerSecond, errors.Length > 0 ? errors : null);
        }
        catch (ContainerException e)
        {
            return new(new SyncCounts(), null, source.RatePerSecond, Fault: e.Message);
        }
    }

    public Task EndAsync(SyncStep step, CancellationToken cancellationToken) =>
        book.NoteAsync(
            step.Store,
            step.Name,
            source => source.Sync == step.Sync && source is { State: SourceState.Active, Synced: null },
            (source, now) => source with { Synced = now },
            cancellationToken
        );

    private sealed record Found(AssetSource Source, StoredObject Stored);

    /// <summary>Until there is as much to begin as is allowed.</summary>
    private async Task<(SyncCounts Seen, List<Found> News, SourceCursor? Next)> LookAsync(
        MediaSource source,
        SourceCursor from,
        int mostNews,
        CancellationToken cancellationToken
    )
    {
        IObjectStore media = stores[source.Store].In(source.Container);
        LedgerView view = views[source.Store];
        SyncCounts counts = new();
        List<Found> news = [];
        SourceCursor? at = from;
        while (at is not null && counts.Seen < MaxSeen && news.Count < mostNews)
        {
            SourcePage page = await listing.ListAsync(source, at, cancellationToken);
            SourceCursor? next = page.Next;
            foreach (StoredObject stored in page.Objects)
            {
                if (news.Count == mostNews)
                {
                    next = at; // as far as it was looked at
                    break;
                }
                at = at with { Through = stored.Path };
                AssetSource found = AssetStores.SourceOf(media, stored);
                bool matches = source.Covers(found.Container, found.Key);
                bool isNew = matches && UploadMending.IsNew(found, view.Find(found.AssetId)?.Entry);
                counts = counts with
                {
                    Seen = counts.Seen + 1,
                    Matched = counts.Matched + (matches ? 1 : 0),
                    Skipped = counts.Skipped + (matches ? 0 : 1),
                    Known = counts.Known + (matches && !isNew ? 1 : 0),
                };
                if (isNew)
                {
                    news.Add(new Found(found, stored));
                }
            }
            at = next;
        }
        return (counts, news, at);
    }

    private async Task<(SyncCounts Counts, string[] Errors)> BeginAsync(
        DurableTaskClient client,
        SyncCounts seen,
        List<Found> news,
        CancellationToken cancellationToken
    )
    {
        ConcurrentBag<bool> begun = [];
        ConcurrentQueue<string> errors = [];
        int failed = 0;
        await Parallel.ForEachAsync(
            news,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelWork, CancellationToken = cancellationToken },
            async (one, token) =>
            {
                try
                {
                    begun.Add(await TryBeginAsync(client, one, token));
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    log.NotBegun(e, one.Source.AssetId);
                    Interlocked.Increment(ref failed);
                    errors.Enqueue(Excerpt($"{one.Source.Key}: {e.Message.ReplaceLineEndings(" ")}"));
                }
            }
        );
        int count = begun.Count(one => one);
        return (seen with { Begun = count, Known = seen.Known + begun.Count - count, Failed = failed }, [.. errors.Take(MaxErrors)]);
    }

    /// <summary>False where it has a run by now: the view was read before.</summary>
    private async Task<bool> TryBeginAsync(DurableTaskClient client, Found found, CancellationToken cancellationToken)
    {
        LedgerEntry? entry = (await ledger.ReadAsync(found.Source.Store, found.Source.AssetId, cancellationToken))?.Newest;
        return UploadMending.IsNew(found.Source, entry)
            && await mending.MendAsync(client, found.Source, found.Stored, entry, TimeSpan.Zero, cancellationToken) == Mended.Started;
    }

    private async Task<(MediaSource? Source, string? Stopped)> FindAsync(SyncStep step, CancellationToken cancellationToken) =>
        await book.FindAsync(step.Store, step.Name, cancellationToken) switch
        {
            null => (null, "the source is gone"),
            { State: SourceState.Paused } source => (null, $"paused by {source.ChangedBy}"),
            { State: SourceState.Removed } source => (null, $"removed by {source.ChangedBy}"),
            { } source when source.Sync != step.Sync => (null, $"sync {source.Sync} follows, asked for by {source.ChangedBy}"),
            { } source => (source, null),
        };

    private static string Excerpt(string text) => text.Length <= MaxErrorCharacters ? text : $"{text[..MaxErrorCharacters]}…";
}
