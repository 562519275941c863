using System.Collections.Frozen;

namespace Serverless.Ingest.Ledgers;

/// <summary>The counts of every store.</summary>
/// <param name="AsOf">When the counting began: what came later may be missing from it.</param>
/// <param name="Unread">Documents of the ledgers that were not read yet: their assets are counted as missing.</param>
public sealed record IngestCounts(IReadOnlyList<IngestSummary> Stores, DateTimeOffset AsOf, int Unread = 0);

/// <summary>The ledger of every store this process may reach. Lives as long as the process; thread-safe.</summary>
public sealed class LedgerViews
{
    /// <summary>Who asks for what is large is answered with what was seen before, and not kept waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.5);

    private readonly FrozenDictionary<string, LedgerView> _byStore;
    private readonly PacedLook<bool> _recent;
    private readonly PacedLook<IngestCounts> _counts;

    public LedgerViews(AssetStores stores, TimeProvider time)
    {
        _byStore = stores.All.Select(store => new LedgerView(store, time)).ToFrozenDictionary(view => view.Store, StringComparer.Ordinal);
        _recent = new(
            async cancellationToken =>
            {
                await RefreshAsync(cancellationToken);
                return true;
            },
            time,
            Patience,
            async cancellationToken =>
            {
                await Task.WhenAll(All.Select(view => RememberAsync(view, time, cancellationToken)));
                return true;
            }
        );
        _counts = new(
            async cancellationToken =>
            {
                DateTimeOffset asOf = time.GetUtcNow();
                return new IngestCounts(await Task.WhenAll(All.Select(view => view.SummarizeAsync(cancellationToken))), asOf);
            },
            time,
            Patience,
            async cancellationToken =>
            {
                LedgerSnapshot[] found = await Task.WhenAll(All.Select(view => CountRememberedAsync(view, time, cancellationToken)));
                return new IngestCounts([.. found.Select(one => one.Summary)], found.Min(one => one.AsOf), Unread);
            }
        );
    }

    public IReadOnlyList<LedgerView> All => _byStore.Values;

    /// <summary>A line about each document of a ledger that cannot be read.</summary>
    public IReadOnlyList<string> Faults => [.. All.SelectMany(view => view.Faults)];

    /// <summary>Documents of ledgers that no process has read yet; what they say is in no list.</summary>
    public int Unread => All.Sum(view => view.Unread);

    public LedgerView this[string store] => _byStore[store];

    public LedgerRow? Find(string asset)
    {
        foreach (LedgerView view in All)
        {
            if (view.Find(asset) is { } row)
            {
                return row;
            }
        }
        return null;
    }

    /// <summary>As its ledger has it now; null where no ledger knows it.</summary>
    public async Task<LedgerRow?> ReadAsync(string asset, CancellationToken cancellationToken)
    {
        foreach (LedgerView view in All)
        {
            if (await view.ReadAsync(asset, cancellationToken) is { } row)
            {
                return row;
            }
        }
        return null;
    }

    /// <summary>Uploads in one of these states, as they were last read.</summary>
    public int Count(params AssetState[] states) => All.Sum(view => view.NewestFirst().Count(row => states.Contains(row.State)));

    /// <summary>Of all stores, the latest change first.</summary>
    public IEnumerable<LedgerRow> NewestFirst()
    {
        // Each view is sorted already: of their next rows the newest goes first.
        PriorityQueue<IEnumerator<LedgerRow>, (long, string)> heads = new();
        foreach (LedgerView view in All)
        {
            Push(view.NewestFirst().GetEnumerator());
        }
        while (heads.TryDequeue(out IEnumerator<LedgerRow>? rows, out _))
        {
            yield return rows.Current;
            Push(rows);
        }

        void Push(IEnumerator<LedgerRow> rows)
        {
            if (rows.MoveNext())
            {
                heads.Enqueue(rows, (-rows.Current.Entry.Changed.UtcTicks, rows.Current.Asset));
            }
        }
    }

    /// <summary>For lists that people and pages ask for again and again: what was true a moment ago will do.</summary>
    public Task RefreshPacedAsync(CancellationToken cancellationToken) => _recent.TakeAsync(cancellationToken);

    /// <summary>The counts of every store, as true as <see cref="RefreshPacedAsync"/>.</summary>
    public Task<IngestCounts> CountAsync(CancellationToken cancellationToken) => _counts.TakeAsync(cancellationToken);

    /// <summary>A ledger without a snapshot is small, or was never read.</summary>
    private static async Task RememberAsync(LedgerView view, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await view.RememberAsync() is null)
        {
            await view.WaitForFirstAsync(Patience, time, cancellationToken);
        }
    }

    private static async Task<LedgerSnapshot> CountRememberedAsync(LedgerView view, TimeProvider time, CancellationToken cancellationToken)
    {
        DateTimeOffset asOf = time.GetUtcNow();
        await RememberAsync(view, time, cancellationToken);
        return await view.RememberAsync() ?? new LedgerSnapshot([], view.CountRead(), asOf);
    }

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(view => view.RefreshAsync(cancellationToken)));
}
