namespace Serverless.Vectors.Rows;

/// <summary>
/// What is scanned of some rows: in memory of its own, aligned to cache lines, or in a mapped file. Whoever reads through its pointers
/// keeps it alive; of a mapped one, the mapping too.
/// </summary>
internal sealed unsafe class RowMemory
{
    private readonly LargePages? _own; // the pointers lead into it

    private RowMemory(RowLayout layout, LargePages? own, byte* start)
    {
        _own = own;
        Layout = layout;
        Codes = (sbyte*)start;
        Scales = (float*)(start + layout.ScalesAt);
        Signs = (ulong*)(start + layout.SignsAt);
        Kinds = start + layout.KindsAt;
    }

    public RowLayout Layout { get; }
    public sbyte* Codes { get; }
    public float* Scales { get; }
    public ulong* Signs { get; }
    public byte* Kinds { get; }

    /// <summary>None where a file is mapped.</summary>
    public long Bytes => _own?.Bytes ?? 0;

    public static RowMemory Allocate(RowLayout layout)
    {
        LargePages own = LargePages.Allocate(layout.Bytes);
        return new RowMemory(layout, own, own.Start);
    }

    public static RowMemory Mapped(RowLayout layout, byte* start) => new(layout, null, start);

    /// <summary>A copy in memory of its own.</summary>
    public RowMemory Load()
    {
        RowMemory loaded = Allocate(Layout);
        Buffer.MemoryCopy(Codes, loaded.Codes, Layout.Bytes, Layout.Bytes);
        return loaded;
    }

    public void Set(int row, ReadOnlySpan<float> unit, byte kind)
    {
        Scales[row] = Quantization.Encode(unit, new Span<sbyte>(Codes + (long)row * Layout.CodeBytes, Layout.CodeBytes));
        Quantization.WriteSigns(unit, Signs, row, Layout.SignWords);
        Kinds[row] = kind;
    }

    public void Copy(int row, RowMemory from, int fromRow, byte kind)
    {
        int stride = Layout.CodeBytes,
            words = Layout.SignWords;
        Buffer.MemoryCopy(from.Codes + (long)fromRow * stride, Codes + (long)row * stride, stride, stride);
        for (int word = 0; word < words; word++)
        {
            Signs[RowLayout.SignWord(row, word, words)] = from.Signs[RowLayout.SignWord(fromRow, word, words)];
        }
        Scales[row] = from.Scales[fromRow];
        Kinds[row] = kind;
    }

    /// <summary>A vector that is damaged is made again from its codes.</summary>
    public void ReadVector(IRows rows, int row, Span<float> vector)
    {
        ReadOnlySpan<float> stored = rows.Vector(row);
        if (stored.IsEmpty)
        {
            Quantization.Decode(Codes + (long)row * Layout.CodeBytes, Scales[row], vector);
            return;
        }
        stored.CopyTo(vector);
    }
}
