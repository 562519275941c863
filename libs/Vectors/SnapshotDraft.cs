using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// The next snapshot in the making, by one writer: appends go to open rows' unseen ends, marks of the replaced to copies. The directory
/// follows at once.
/// </summary>
internal sealed class SnapshotDraft(VectorSnapshot from, AssetDirectory directory, int dimensions)
{
    private const int SmallestBlock = 64;
    private const int LargestBlock = 4096;
    private const int LargestBlockBytes = 8 << 20;

    private readonly List<RowsView> _views = [.. from.Views];
    private readonly HashSet<ulong[]> _copied = [];

    public IReadOnlyList<RowsView> Views => _views;
    public int Live { get; private set; } = from.Vectors;
    public int Assets { get; private set; } = from.Assets;

    public bool Apply(AssetVectors batch)
    {
        AssetVersion owner = batch.Owner;
        bool isKnown = directory.TryFind(batch.Asset, out int ordinal);
        if (isKnown && !owner.Supersedes(OwnerAt(directory[ordinal])))
        {
            return false;
        }
        OpenRows rows = OpenFor(batch.Entries.Count);
        if (!isKnown)
        {
            // Rows must know the asset's number, and the directory the asset's place.
            Place(directory.Count, new AssetPlace(rows, rows.Append(owner, batch.Entries, directory.Count)), isKnown: false);
            return true;
        }
        Place(ordinal, new AssetPlace(rows, rows.Append(owner, batch.Entries, ordinal)), isKnown: true);
        return true;
    }

    /// <summary>Takes over the assets of a file that are newer than what is known, or the same: there they need no memory.</summary>
    public bool Attach(SealedRows rows, RowMemory memory)
    {
        _views.Add(new RowsView(rows, memory, rows.Rows, new ulong[memory.Layout.Padded / 64], 0, 0));
        _copied.Add(_views[^1].Alive!);
        bool changed = false;
        for (int asset = 0; asset < rows.Assets; asset++)
        {
            bool isKnown = directory.TryFind(rows.AssetId(asset), out int ordinal);
            rows.Ordinals[asset] = isKnown ? ordinal : directory.Count;
            if (isKnown && OwnerAt(directory[ordinal]) is var known && rows.Owner(asset) is var owner && owner != known)
            {
                if (!owner.Supersedes(known))
                {
                    continue;
                }
            }
            Place(rows.Ordinals[asset], new AssetPlace(rows, asset), isKnown);
            changed = true;
        }
        SimplifyAlive(_views.Count - 1);
        return changed;
    }

    /// <summary>Moves what lives of some rows to open ones.</summary>
    public void Vacate(RowsView view)
    {
        foreach (RowsOfAsset one in HeldBy(view).ToList())
        {
            directory.TryFind(view.Rows.AssetId(one.Asset), out int ordinal);
            OpenRows rows = OpenFor(view.Rows.RowsOf(one.Asset).Count);
            Place(ordinal, new AssetPlace(rows, rows.Append(view.Rows, view.Memory, one.Asset, ordinal)), isKnown: true);
        }
    }

    /// <summary>Moves what lives of crowded open rows to fresh ones, a cost that the removals before it have paid for.</summary>
    public void Rewrite(IEnumerable<RowsView> crowded)
    {
        foreach (RowsView view in crowded)
        {
            ((OpenRows)view.Rows).TakeNoMore();
        }
        foreach (RowsView view in crowded)
        {
            Vacate(view);
        }
    }

    /// <summary>Assets whose newest version is among these rows.</summary>
    public IEnumerable<RowsOfAsset> HeldBy(RowsView view) =>
        Enumerable
            .Range(0, view.Rows.Assets)
            .Where(asset =>
                directory.TryFind(view.Rows.AssetId(asset), out int ordinal) && directory[ordinal] == new AssetPlace(view.Rows, asset)
            )
            .Select(asset => new RowsOfAsset(view.Rows, view.Memory, asset));

    public void Replace(int view, RowMemory memory) => _views[view] = _views[view] with { Memory = memory };

    /// <summary>Rows in which nothing lives any more are left out, and given back to be closed once the snapshot is published.</summary>
    public VectorSnapshot Build(out IRows[] left)
    {
        left = [.. _views.Where(view => view.Held == 0).Select(view => view.Rows)];
        return new VectorSnapshot([.. _views.Where(view => view.Held > 0)], Live, Assets);
    }

    private static AssetVersion OwnerAt(AssetPlace place) => place.Rows.Owner(place.Asset);

    /// <summary>The asset lives at its new place from now on, and no longer where it was.</summary>
    private void Place(int ordinal, AssetPlace place, bool isKnown)
    {
        if (isKnown)
        {
            Count(directory[ordinal], -1);
            directory[ordinal] = place;
        }
        else
        {
            directory.Add(place);
        }
        Count(place, +1);
    }

    private void Count(AssetPlace place, int one)
    {
        RowRange rows = place.Rows.RowsOf(place.Asset);
        int position = PositionOf(place.Rows);
        RowsView view = _views[position];
        ulong[]? alive = view.Alive;
        if (rows.Count > 0 && (one < 0 || alive is not null))
        {
            alive = Writable(view);
            for (int row = rows.First; row < rows.First + rows.Count; row++)
            {
                ulong bit = 1UL << row;
                alive[row >> 6] = one > 0 ? alive[row >> 6] | bit : alive[row >> 6] & ~bit;
            }
        }
        _views[position] = view with
        {
            Alive = alive,
            Live = view.Live + one * rows.Count,
            Held = view.Held + one,
            Count = Math.Max(view.Count, rows.First + rows.Count),
        };
        Live += one * rows.Count;
        Assets += rows.Count > 0 ? one : 0;
    }

    private ulong[] Writable(RowsView view)
    {
        if (view.Alive is { } own && _copied.Contains(own))
        {
            return own;
        }
        ulong[] copy = view.Alive is { } shared ? [.. shared] : new ulong[view.Memory.Layout.Padded / 64];
        if (view.Alive is null)
        {
            Array.Fill(copy, ulong.MaxValue); // also for rows that are yet to come
        }
        _copied.Add(copy);
        return copy;
    }

    // A mask that lets all through is not worth reading.
    private void SimplifyAlive(int position)
    {
        if (_views[position].Live == _views[position].Count)
        {
            _views[position] = _views[position] with { Alive = null };
        }
    }

    private int PositionOf(IRows rows) => _views.FindLastIndex(view => ReferenceEquals(view.Rows, rows));

    // Only the last open rows can have room. They double in size up to a limit that keeps a small index small.
    private OpenRows OpenFor(int rows)
    {
        OpenRows? last = _views.FindLast(view => view.Rows is OpenRows)?.Rows as OpenRows;
        if (last is not null && last.Room >= rows)
        {
            return last;
        }
        int next = last is null ? SmallestBlock : Math.Min(Math.Min(LargestBlock, LargestBlockBytes / (dimensions * 5)), last.Capacity * 2);
        OpenRows open = new(dimensions, Math.Max(next, rows));
        _views.Add(new RowsView(open, open.Memory, 0, null, 0, 0));
        return open;
    }
}
