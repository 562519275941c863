using System.Runtime.CompilerServices;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// Which vectors a search may find, as a bit for each, set before anything is scanned: the more selective, the less is read, and no hit is
/// lost to it. What it says of rows that no longer change is kept with it, so a filter that many searches share costs one evaluation.
/// Thread-safe.
/// </summary>
public sealed class VectorFilter
{
    private readonly MarkRows _mark;
    private readonly ConditionalWeakTable<IRows, ulong[]> _kept = [];

    private VectorFilter(MarkRows mark) => _mark = mark;

    private delegate void MarkRows(IRows rows, RowMemory memory, int count, Span<ulong> bits);

    /// <summary>Passages, images, keyframes: <see cref="VectorEntry.Kind"/>.</summary>
    public static VectorFilter OfKind(string kind) => new((rows, memory, count, bits) => MarkKind(rows, memory, count, bits, kind));

    /// <summary>The cheapest way to keep to a store, a path, a time: the caller works out which assets and hands them over.</summary>
    public static VectorFilter OfAssets(AssetSet assets) => new((rows, _, _, bits) => rows.Mark(assets, bits));

    /// <summary>
    /// By what is known elsewhere of places, in tables that together have each asset once: costs a look for each row whose place is there,
    /// and of a table that is asked for the first time one to find them.
    /// </summary>
    public static VectorFilter OfPlaces(IReadOnlyList<AdmittedTable> tables) =>
        new(
            (rows, _, count, bits) =>
            {
                foreach (AdmittedTable one in tables)
                {
                    one.Table.JoinWith(rows, count).Mark(one.Bits, bits);
                }
            }
        );

    /// <summary>All but some assets, by their keys.</summary>
    public static VectorFilter Without(IReadOnlySet<ulong> assets) =>
        new(
            (rows, _, count, bits) =>
            {
                ulong[] kept = new ulong[bits.Length];
                rows.Visit(0, count, (asset, row, _) => kept[row >> 6] |= assets.Contains(asset) ? 0 : 1UL << row);
                kept.CopyTo(bits);
            }
        );

    /// <summary>What both let through.</summary>
    public VectorFilter And(VectorFilter other) =>
        new(
            (rows, memory, count, bits) =>
            {
                ReadOnlySpan<ulong> ours = BitsOf(rows, memory, count),
                    theirs = other.BitsOf(rows, memory, count);
                for (int i = 0; i < bits.Length; i++)
                {
                    bits[i] = ours[i] & theirs[i];
                }
            }
        );

    /// <summary>A bit for each row; those from <paramref name="count"/> on mean nothing.</summary>
    internal ulong[] BitsOf(IRows rows, RowMemory memory, int count)
    {
        if (_kept.TryGetValue(rows, out ulong[]? kept))
        {
            return kept;
        }
        ulong[] bits = new ulong[memory.Layout.Padded / 64];
        _mark(rows, memory, count, bits);
        if (rows.IsSealed)
        {
            _kept.AddOrUpdate(rows, bits);
        }
        return bits;
    }

    private static unsafe void MarkKind(IRows rows, RowMemory memory, int count, Span<ulong> bits, string kind)
    {
        int code = IndexOf(rows.Kinds, kind);
        if (code < 0)
        {
            return;
        }
        for (int row = 0; row < count; row++)
        {
            bits[row >> 6] |= memory.Kinds[row] == code ? 1UL << row : 0;
        }
    }

    private static int IndexOf(IReadOnlyList<string> kinds, string kind)
    {
        for (int i = 0; i < kinds.Count; i++)
        {
            if (kinds[i] == kind)
            {
                return i;
            }
        }
        return -1;
    }

    internal static unsafe VectorHit HitOf(IRows rows, RowMemory memory, int row, float score = 0)
    {
        VectorLabel label = rows.Label(row);
        AssetVersion owner = label.Owner;
        string kind = rows.Kinds[memory.Kinds[row]];
        return new VectorHit(owner.Asset, owner.Version, owner.Modified, kind, label.Place, label.Text, Math.Clamp(score, -1, 1));
    }
}
