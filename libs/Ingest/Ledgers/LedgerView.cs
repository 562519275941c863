using System.Collections.Concurrent;
using System.Text.Json.Serialization;
using Serverless.Ingest.Sources;
using Serverless.Media;
using Serverless.Storage;

namespace Serverless.Ingest.Ledgers;

/// <summary>The newest version of one asset, as far as lists and counts need it.</summary>
public sealed record LedgerRow(string Asset, string Store, string Container, string Key, LedgerEntry Entry, string LedgerVersion)
{
    [JsonIgnore]
    public AssetSource Source => new(Store, Container, Key, Entry.StoreVersion);

    [JsonIgnore]
    public AssetState State => Entry.State;

    [JsonIgnore]
    public MediaKind? Kind => Entry.Kind;
}

/// <summary>
/// What the ledger of one store says, in memory, for lists and counts. A refresh lists the ledger and reads only the documents whose ETag
/// is new. A row takes about 700 bytes, so a million assets take 700 MB. Thread-safe; one refresh at a time.
/// </summary>
public sealed class LedgerView(IObjectStore store, TimeProvider time)
{
    private const int ParallelReads = 16;

    /// <summary>Of the rows. Once more have changed the snapshot is written anew, so that all writes grow with the ledger.</summary>
    private const double OutdatedShare = 0.1;

    private sealed record Sorted(long Revision, LedgerRow[] Rows);

    private readonly ConcurrentDictionary<string, LedgerRow> _rows = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _faults = new(StringComparer.Ordinal); // by asset
    private readonly FirstReading _first = new();
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly Lock _remembering = new();
    private Task<LedgerSnapshot?>? _remembered;
    private long _saved; // revision of the snapshot
    private int _unsaved; // rows that changed since
    private long _revision; // of _rows; grows after each refresh that changed something
    private Sorted _newestFirst = new(-1, []);

    public string Store => store.Name;

    /// <summary>A line about each document of the ledger that cannot be read.</summary>
    public IEnumerable<string> Faults => _faults.Values.Order(StringComparer.Ordinal);

    public LedgerRow? Find(string asset) => _rows.GetValueOrDefault(asset);

    /// <summary>
    /// Documents of a large ledger that the first refresh has yet to read, as far as it has listed them; 0 once it has, or there is a
    /// snapshot.
    /// </summary>
    public int Unread => _first.Left(_rows.Count);

    /// <summary>After the first refresh, which others take; at most so long.</summary>
    public Task WaitForFirstAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken) =>
        _first.WaitAsync(patience, time, cancellationToken);

    /// <summary>What was read so far; what was not is missing.</summary>
    public IngestSummary CountRead() =>
        NewestFirst()
            .Where(row => row.State is not (AssetState.Gone or AssetState.Superseded))
            .Aggregate(new IngestSummary(Store, Expected: Unread, Missing: Unread), (summary, row) => summary.Count(row.State));

    /// <summary>The latest change first.</summary>
    public IReadOnlyList<LedgerRow> NewestFirst()
    {
        long revision = Volatile.Read(ref _revision); // before the rows: what changes from here on makes this outdated
        Sorted known = Volatile.Read(ref _newestFirst);
        if (known.Revision == revision)
        {
            return known.Rows;
        }
        LedgerRow[] sorted = [.. _rows.Values.OrderByDescending(row => row.Entry.Changed).ThenBy(row => row.Asset, StringComparer.Ordinal)];
        Volatile.Write(ref _newestFirst, new Sorted(revision, sorted));
        return sorted;
    }

    /// <summary>Shows at first what the last snapshot had; null where there is none, else the snapshot without its rows.</summary>
    public Task<LedgerSnapshot?> RememberAsync()
    {
        lock (_remembering)
        {
            return _remembered is null or { IsFaulted: true } ? _remembered = ReadSnapshotAsync() : _remembered;
        }
    }

    /// <summary>Keeps what it shows for the next process that starts, where that is much and has changed.</summary>
    /// <param name="summary">Of a listing that this view was refreshed for.</param>
    public async Task SaveAsync(IngestSummary summary, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        long revision = Volatile.Read(ref _revision);
        int unsaved = Volatile.Read(ref _unsaved);
        if (_rows.Count < LedgerSnapshot.FewestRows || revision == _saved && (await RememberAsync())?.Summary == summary)
        {
            return;
        }
        LedgerSnapshot snapshot = new(NewestFirst(), summary, asOf);
        await snapshot.WriteAsync(store, cancellationToken);
        Interlocked.Add(ref _unsaved, -unsaved);
        lock (_remembering)
        {
            (_saved, _remembered) = (revision, Task.FromResult<LedgerSnapshot?>(snapshot with { Rows = [] }));
        }
    }

    /// <summary>
    /// Reads what has changed. Much of it is kept for the next process that starts, whoever asked for it: that one shows it at once, and
    /// reads no more than what has changed since.
    /// </summary>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset asOf = time.GetUtcNow();
        await ReadChangedAsync(cancellationToken);
        if (Volatile.Read(ref _unsaved) < Math.Max(LedgerSnapshot.FewestRows, _rows.Count * OutdatedShare))
        {
            return;
        }
        try
        {
            await SaveAsync(CountRead(), asOf, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // It spares reading, and no more; a store that takes no writes is told of by all that writes to it.
        }
    }

    /// <summary>Reads what the ledger says of one asset, and nothing else. Null where it knows nothing of it.</summary>
    public async Task<LedgerRow?> ReadAsync(string asset, CancellationToken cancellationToken)
    {
        LedgerRow? before = Find(asset);
        await ReadRowAsync(AssetLayout.Ledger(asset), cancellationToken);
        if (Find(asset) is not { } row)
        {
            return null;
        }
        if (row != before)
        {
            Interlocked.Increment(ref _revision);
        }
        return row;
    }

    private async Task ReadChangedAsync(CancellationToken cancellationToken)
    {
        bool isRemembered = await RememberAsync() is not null;
        await _refreshing.WaitAsync(cancellationToken);
        int changed = 0;
        try
        {
            HashSet<string> listed = new(StringComparer.Ordinal);
            bool isFirst = !_first.HasEnded && !isRemembered;
            await Parallel.ForEachAsync(
                isFirst ? _first.OrderAsync(ChangedAsync(listed, cancellationToken)) : ChangedAsync(listed, cancellationToken),
                new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
                async (stored, token) =>
                {
                    await ReadRowAsync(stored.Path, token);
                    Interlocked.Increment(ref changed);
                    if (isFirst)
                    {
                        Interlocked.Increment(ref _revision); // who does not wait for all sees it now
                    }
                }
            );
            foreach (string vanished in _faults.Keys.Where(asset => !listed.Contains(asset)).ToList())
            {
                _faults.TryRemove(vanished, out _);
            }
            foreach (string vanished in _rows.Keys.Where(asset => !listed.Contains(asset)).ToList())
            {
                if (_rows.TryRemove(vanished, out _))
                {
                    changed++;
                }
            }
            _first.End();
        }
        finally
        {
            if (changed > 0)
            {
                Interlocked.Increment(ref _revision);
                Interlocked.Add(ref _unsaved, changed);
            }
            _refreshing.Release();
        }
    }

    /// <summary>
    /// Compares a listing of the uploads with the ledger: every object counts once, as what its current version has come to. Those of
    /// sources that were added count as the ledger has them. Holds no more than one page of the listing.
    /// </summary>
    public async Task<IngestSummary> SummarizeAsync(CancellationToken cancellationToken)
    {
        await RefreshAsync(cancellationToken);
        IngestSummary summary = CountAdded();
        await foreach (StoredObject stored in store.ListAsync(AssetLayout.MediaPrefix, cancellationToken))
        {
            summary = summary.Count(StateOf(AssetStores.SourceOf(store, stored)));
        }
        return summary;
    }

    /// <summary>What the ledger has of objects that lie elsewhere than the store's own uploads.</summary>
    public IngestSummary CountAdded()
    {
        MediaSource own = MediaSource.BuiltInOf(store);
        return NewestFirst()
            .Where(row => row.State is not (AssetState.Gone or AssetState.Superseded) && !own.Covers(row.Container, row.Key))
            .Aggregate(new IngestSummary(Store), (summary, row) => summary.Count(row.State));
    }

    /// <summary>Null when the ledger does not know this version.</summary>
    public AssetState? StateOf(AssetSource source) =>
        Find(source.AssetId) is { } row && row.Entry.StoreVersion == source.Version ? row.State : null;

    private async Task<LedgerSnapshot?> ReadSnapshotAsync()
    {
        await Task.Yield();
        LedgerSnapshot? snapshot = await LedgerSnapshot.ReadAsync(store, CancellationToken.None);
        foreach (LedgerRow row in snapshot?.Rows ?? [])
        {
            _rows.TryAdd(row.Asset, row);
        }
        Interlocked.Increment(ref _revision);
        return snapshot is null ? null : snapshot with { Rows = [] };
    }

    private async IAsyncEnumerable<StoredObject> ChangedAsync(
        HashSet<string> listed,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (StoredObject stored in store.ListAsync(AssetLayout.LedgerPrefix, cancellationToken))
        {
            string asset = AssetLayout.AssetOfLedgerPath(stored.Path);
            listed.Add(asset);
            if (Find(asset)?.LedgerVersion != stored.Version)
            {
                yield return stored;
            }
        }
    }

    private async Task ReadRowAsync(string path, CancellationToken cancellationToken)
    {
        ObjectContent? content;
        LedgerDocument document;
        try
        {
            content = await store.ReadAsync(path, Ledger.MaxDocumentBytes, cancellationToken);
            if (content is null)
            {
                return;
            }
            document = AssetsJson.Read<LedgerDocument>(content.Data);
            _faults.TryRemove(AssetLayout.AssetOfLedgerPath(path), out _);
        }
        catch (Exception e) when (ListedDocuments.IsUnreadable(e))
        {
            _faults[AssetLayout.AssetOfLedgerPath(path)] = ListedDocuments.FaultOf(path);
            return;
        }
        if (document.Newest is { } newest)
        {
            _rows[document.Asset] = new LedgerRow(
                document.Asset,
                document.Store,
                document.Container,
                document.Key,
                newest,
                content.Object.Version
            );
        }
    }
}
