namespace Serverless.Vectors;

/// <summary>Assets of one index by their numbers, a bit each: see <see cref="VectorIndex.AssetsOf"/>. Immutable.</summary>
public sealed class AssetSet
{
    private readonly ulong[] _bits;

    /// <param name="ordinals">Numbers that <see cref="VectorIndex.TryFindOrdinal"/> gave.</param>
    public AssetSet(IEnumerable<int> ordinals)
    {
        List<ulong> bits = [];
        foreach (int ordinal in ordinals)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(ordinal);
            while (bits.Count <= ordinal >> 6)
            {
                bits.Add(0);
            }
            Count += (bits[ordinal >> 6] >> ordinal & 1) == 0 ? 1 : 0;
            bits[ordinal >> 6] |= 1UL << ordinal;
        }
        _bits = [.. bits];
    }

    public int Count { get; }

    public bool Contains(int ordinal) => (uint)ordinal >> 6 < (uint)_bits.Length && (_bits[ordinal >> 6] >> ordinal & 1) != 0;
}
