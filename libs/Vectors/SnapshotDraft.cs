namespace Serverless.Vectors;

/// <summary>The next snapshot in the making, by one writer: appends go to the blocks' unseen ends, marks of the dead to copies.</summary>
internal sealed class SnapshotDraft(VectorSnapshot from, int dimensions)
{
    private const int SmallestBlock = 64;
    private const int LargestBlock = 1024;

    private readonly List<BlockView> _views = [.. from.Views];
    private readonly HashSet<int> _copied = [];

    public int Live { get; private set; } = from.Vectors;

    public int Stored => _views.Sum(view => view.Count);

    public Slot Append(AssetVersion owner, VectorEntry entry) =>
        Append(entry.Kind, new VectorLabel(owner, entry.Place, entry.Text), entry.Vector.Span);

    public Slot Move(SnapshotDraft from, Slot slot)
    {
        VectorBlock block = from._views[slot.Block].Block;
        return Append(block.Kind, block.Label(slot.Index), block.Vector(slot.Index));
    }

    public void Remove(Slot slot)
    {
        BlockView view = _views[slot.Block];
        if (_copied.Add(slot.Block))
        {
            _views[slot.Block] = view = view with { Dead = (ulong[]?)view.Dead?.Clone() ?? new ulong[(view.Block.Capacity + 63) / 64] };
        }
        view.Dead![slot.Index >> 6] |= 1UL << (slot.Index & 63);
        Live--;
    }

    public VectorSnapshot Build(int assets) => new([.. _views], Live, assets);

    private Slot Append(string kind, in VectorLabel label, ReadOnlySpan<float> vector)
    {
        int position = OpenBlock(kind);
        BlockView view = _views[position];
        int index = view.Block.Append(label, vector);
        _views[position] = view with { Count = index + 1 };
        Live++;
        return new Slot(position, index);
    }

    // The last block of a kind is the only one that can have room. Blocks double in size up to a limit that keeps a small index small.
    private int OpenBlock(string kind)
    {
        int last = _views.FindLastIndex(view => view.Block.Kind == kind);
        if (last >= 0 && !_views[last].Block.IsFull)
        {
            return last;
        }
        int capacity = last < 0 ? SmallestBlock : Math.Min(LargestBlock, _views[last].Block.Capacity * 2);
        _views.Add(new BlockView(new VectorBlock(dimensions, kind, capacity), 0, null));
        return _views.Count - 1;
    }
}

internal readonly record struct Slot(int Block, int Index);
