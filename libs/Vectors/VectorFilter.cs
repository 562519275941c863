using System.Runtime.CompilerServices;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>Whether a place may be found.</summary>
/// <param name="asset">Its number.</param>
/// <param name="nth">Which of the asset's vectors it has, the first being 0: a hint where to look.</param>
/// <param name="place">Its key.</param>
public delegate bool AdmitsPlace(long asset, int nth, ulong place);

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
    /// By what is known elsewhere of places, named by <see cref="PlaceKey"/>: costs a look for each asset, and one for each place of those
    /// that may be found.
    /// </summary>
    /// <param name="find">Gives an asset's number there by its key; below 0 where nothing of it may be found.</param>
    public static VectorFilter OfPlaces(Func<ulong, long> find, AdmitsPlace admits) =>
        new((rows, _, count, bits) => rows.Mark(find, admits, count, bits));

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
