using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// The symbols of one word while pairs of them merge, the pair of lowest rank first, the leftmost among equals. Short words scan for
/// it; long ones keep a heap over a linked list, so that a word of a million characters takes n log n. Reused; one thread at a time.
/// </summary>
internal sealed class MergeBuffer
{
    private const int MaxScanned = 40;

    private Symbol[] _symbols = new Symbol[64];
    private PriorityQueue<int, long> _heap = new();
    private int _count;

    /// <summary>A token and its range; the rank of merging it with the next, and the outcome; its neighbours where linked.</summary>
    public record struct Symbol(int Id, int Start, int End)
    {
        public int Rank { get; set; }
        public int Merged { get; set; }
        public int Previous { get; set; }
        public int Next { get; set; }
    }

    public Span<Symbol> Symbols => _symbols.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(int id, int start, int end)
    {
        Buffers.Grow(ref _symbols, _count + 1);
        _symbols[_count++] = new(id, start, end);
    }

    /// <summary>Merges until no pair can; what is left are the <see cref="Symbols"/>.</summary>
    public void Merge(MergeTable table)
    {
        if (_count <= MaxScanned)
        {
            MergeByScan(table);
        }
        else
        {
            MergeByHeap(table);
        }
    }

    internal void MergeByScan(MergeTable table)
    {
        Span<Symbol> symbols = Symbols;
        for (int i = 0; i < symbols.Length; i++)
        {
            Rank(table, symbols, i, i + 1);
        }
        while (true)
        {
            int best = 0;
            for (int i = 1; i < symbols.Length; i++)
            {
                if (symbols[i].Rank < symbols[best].Rank)
                {
                    best = i;
                }
            }
            if (symbols.IsEmpty || symbols[best].Rank == MergeTable.Never)
            {
                break;
            }
            symbols[best] = new(symbols[best].Merged, symbols[best].Start, symbols[best + 1].End);
            symbols[(best + 2)..].CopyTo(symbols[(best + 1)..]);
            symbols = symbols[..^1];
            Rank(table, symbols, best, best + 1);
            if (best > 0)
            {
                Rank(table, symbols, best - 1, best);
            }
        }
        _count = symbols.Length;
    }

    private static void Rank(MergeTable table, Span<Symbol> symbols, int left, int right)
    {
        int merged = 0;
        ref Symbol symbol = ref symbols[left];
        symbol.Rank = (uint)right < (uint)symbols.Length ? table.RankOf(symbol.Id, symbols[right].Id, out merged) : MergeTable.Never;
        symbol.Merged = merged;
    }

    internal void MergeByHeap(MergeTable table)
    {
        Span<Symbol> symbols = Symbols;
        _heap.Clear();
        for (int i = 0; i < symbols.Length; i++)
        {
            symbols[i].Previous = i - 1;
            symbols[i].Next = i + 1;
            Offer(table, symbols, i);
        }
        while (_heap.TryDequeue(out int at, out long priority))
        {
            ref Symbol symbol = ref symbols[at];
            if (symbol.Rank != (int)(priority >> 32))
            {
                continue; // merged since, or has another neighbour
            }
            ref Symbol right = ref symbols[symbol.Next];
            symbol = new(symbol.Merged, symbol.Start, right.End) { Previous = symbol.Previous, Next = right.Next };
            right.Rank = MergeTable.Never;
            if (symbol.Next < symbols.Length)
            {
                symbols[symbol.Next].Previous = at;
            }
            Offer(table, symbols, at);
            if (symbol.Previous >= 0)
            {
                Offer(table, symbols, symbol.Previous);
            }
        }
        _count = Gather(symbols);
    }

    private void Offer(MergeTable table, Span<Symbol> symbols, int at)
    {
        Rank(table, symbols, at, symbols[at].Next);
        if (symbols[at].Rank != MergeTable.Never)
        {
            _heap.Enqueue(at, ((long)symbols[at].Rank << 32) | (uint)at);
        }
    }

    private static int Gather(Span<Symbol> symbols)
    {
        int count = 0;
        for (int at = 0; at < symbols.Length; at = symbols[at].Next)
        {
            symbols[count++] = symbols[at];
        }
        return count;
    }

    public void Trim(int maxLength)
    {
        _count = 0;
        if (_symbols.Length <= maxLength)
        {
            return;
        }
        _symbols = new Symbol[64];
        _heap = new();
    }
}
