using System.Collections.Frozen;

namespace Serverless.Assets.Ledgers;

/// <summary>The ledger of every store this process may reach. Lives as long as the process; thread-safe.</summary>
public sealed class LedgerViews(AssetStores stores)
{
    private readonly FrozenDictionary<string, LedgerView> _byStore =
        stores.All.Select(store => new LedgerView(store)).ToFrozenDictionary(view => view.Store, StringComparer.Ordinal);

    public IReadOnlyList<LedgerView> All => _byStore.Values;

    public LedgerView this[string store] => _byStore[store];

    public LedgerRow? Find(string asset)
    {
        foreach (LedgerView view in All)
            if (view.Find(asset) is { } row)
                return row;
        return null;
    }

    /// <summary>Of all stores, the latest change first.</summary>
    public IEnumerable<LedgerRow> NewestFirst()
    {
        // Each view is sorted already: of their next rows the newest goes first.
        PriorityQueue<IEnumerator<LedgerRow>, (long, string)> heads = new();
        foreach (LedgerView view in All) Push(view.NewestFirst().GetEnumerator());
        while (heads.TryDequeue(out IEnumerator<LedgerRow>? rows, out _))
        {
            yield return rows.Current;
            Push(rows);
        }

        void Push(IEnumerator<LedgerRow> rows)
        {
            if (rows.MoveNext()) heads.Enqueue(rows, (-rows.Current.Entry.Changed.UtcTicks, rows.Current.Asset));
        }
    }

    public Task RefreshAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(All.Select(view => view.RefreshAsync(cancellationToken)));
}
