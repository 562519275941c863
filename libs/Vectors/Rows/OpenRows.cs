using System.Text;

namespace Serverless.Vectors.Rows;

/// <summary>
/// Rows in memory with room for more. Only ever appended to, by the index's one writer; readers look no further than the count that their
/// snapshot holds.
/// </summary>
internal sealed class OpenRows(int dimensions, int capacity) : IRows
{
    private const int MaxKinds = byte.MaxValue + 1;

    /// <summary>Of the objects beside a row: its label, its asset, its strings.</summary>
    private const int BytesBesides = 200;

    private readonly float[] _vectors = new float[(long)dimensions * capacity];
    private readonly VectorLabel[] _labels = new VectorLabel[capacity];
    private readonly int[] _ordinals = new int[capacity];
    private readonly ulong[] _assetKeys = new ulong[capacity];
    private readonly ulong[] _placeKeys = new ulong[capacity];
    private readonly List<OpenAsset> _assets = []; // the writer's alone
    private readonly List<string> _kinds = []; // grows under the writer; readers ask for rows that were written before
    private volatile IReadOnlyList<string> _published = [];
    private bool _takesNoMore;

    public RowMemory Memory { get; } = RowMemory.Allocate(new RowLayout(dimensions, capacity));
    public int Count { get; private set; }
    public int Capacity => capacity;
    public int Room => _takesNoMore ? -1 : capacity - Count;
    public int Assets => _assets.Count;
    public IReadOnlyList<string> Kinds => _published;
    public bool IsSealed => false;
    public long Bytes => Memory.Bytes + (long)capacity * (dimensions * sizeof(float) + BytesBesides);

    /// <summary>Scales each vector to length 1. Gives the asset's number in these rows.</summary>
    public int Append(AssetVersion owner, IReadOnlyList<VectorEntry> entries, int ordinal)
    {
        int asset = Begin(owner, entries.Count);
        foreach (VectorEntry entry in entries)
        {
            Unit.Scale(entry.Vector.Span, Row(Count));
            Add(entry.Kind, new VectorLabel(owner, entry.Place, entry.Text), asset, ordinal);
        }
        return asset;
    }

    /// <summary>Takes over an asset of other rows.</summary>
    public unsafe int Append(IRows from, RowMemory memory, int asset, int ordinal)
    {
        RowRange rows = from.RowsOf(asset);
        AssetVersion owner = from.Owner(asset);
        int added = Begin(owner, rows.Count);
        for (int row = rows.First; row < rows.First + rows.Count; row++)
        {
            memory.ReadVector(from, row, Row(Count));
            Add(from.Kinds[memory.Kinds[row]], from.Label(row) with { Owner = owner }, added, ordinal);
        }
        return added;
    }

    public void TakeNoMore() => _takesNoMore = true;

    public ReadOnlySpan<byte> AssetId(int asset) => _assets[asset].Id;

    public AssetVersion Owner(int asset) => _assets[asset].Owner;

    public RowRange RowsOf(int asset) => _assets[asset].Rows;

    public VectorLabel Label(int row) => _labels[row];

    public ReadOnlySpan<float> Vector(int row) => Row(row);

    public int OrdinalOfRow(int row) => _ordinals[row];

    public void Mark(AssetSet assets, Span<ulong> rows)
    {
        for (int row = 0; row < Math.Min(capacity, rows.Length * 64); row++)
        {
            rows[row >> 6] |= assets.Contains(_ordinals[row]) ? 1UL << row : 0;
        }
    }

    public void Visit(int from, int end, VisitRow visit)
    {
        for (int row = from; row < end; row++)
        {
            visit(_assetKeys[row], row, _placeKeys[row]);
        }
    }

    public bool TryEnter() => true;

    public void Leave() { }

    public void Close() { }

    private int Begin(AssetVersion owner, int rows)
    {
        byte[] id = Encoding.UTF8.GetBytes(owner.Asset);
        _assets.Add(new OpenAsset(owner, id, PlaceKey.Of(0, id), new RowRange(Count, rows)));
        return _assets.Count - 1;
    }

    private void Add(string kind, in VectorLabel label, int asset, int ordinal)
    {
        Memory.Set(Count, Row(Count), KindOf(kind));
        _assetKeys[Count] = _assets[asset].Key;
        _placeKeys[Count] = PlaceKey.Of(_assets[asset].Key, Encoding.UTF8.GetBytes(label.Place));
        _labels[Count] = label;
        _ordinals[Count++] = ordinal;
    }

    private byte KindOf(string kind)
    {
        int known = _kinds.IndexOf(kind);
        if (known >= 0)
        {
            return (byte)known;
        }
        if (_kinds.Count == MaxKinds)
        {
            throw new ArgumentException(
                $"The kind {kind} is one more than the {MaxKinds} that vectors kept together may have.",
                nameof(kind)
            );
        }
        _kinds.Add(kind);
        _published = [.. _kinds];
        return (byte)(_kinds.Count - 1);
    }

    private Span<float> Row(int row) => _vectors.AsSpan(row * dimensions, dimensions);

    private sealed record OpenAsset(AssetVersion Owner, byte[] Id, ulong Key, RowRange Rows);
}
