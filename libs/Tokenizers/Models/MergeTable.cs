using System.Numerics;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// Which pairs of tokens merge, in what order of precedence, into what: open addressing over pairs of ids. Immutable; any thread.
/// </summary>
internal sealed class MergeTable
{
    public const int Never = int.MaxValue;

    private readonly Entry[] _entries;
    private readonly int _shift;

    /// <summary>The merges by precedence; of a pair that comes twice the last place counts.</summary>
    public MergeTable(IReadOnlyList<(int Left, int Right, int Merged)> merges)
    {
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, merges.Count * 2));
        _entries = new Entry[slots];
        _shift = 64 - BitOperations.Log2((uint)slots);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right, int merged) = merges[rank];
            ulong key = KeyOf(left, right);
            int slot = SlotOf(key);
            while (_entries[slot].Key != 0 && _entries[slot].Key != key)
            {
                slot = (slot + 1) & (slots - 1);
            }
            _entries[slot] = new(key, rank, merged);
        }
    }

    private record struct Entry(ulong Key, int Rank, int Merged);

    /// <summary>The precedence of a pair, lower first, or <see cref="Never"/>.</summary>
    public int RankOf(int left, int right, out int merged)
    {
        ulong key = KeyOf(left, right);
        for (int slot = SlotOf(key); ; slot = (slot + 1) & (_entries.Length - 1))
        {
            ref readonly Entry entry = ref _entries[slot];
            if (entry.Key == key)
            {
                merged = entry.Merged;
                return entry.Rank;
            }
            if (entry.Key == 0)
            {
                merged = 0;
                return Never;
            }
        }
    }

    // Never 0, which marks a free slot.
    private static ulong KeyOf(int left, int right) => ((ulong)(uint)left << 32 | (uint)right) + 1;

    private int SlotOf(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> _shift);
}
