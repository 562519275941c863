using System.Text;

namespace Serverless.Tokenizers.Text;

/// <summary>
/// Runes between two starters, waiting to be put into canonical order (Unicode, section 3.11). Reused; one thread at a time.
/// </summary>
internal sealed class ReorderBuffer
{
    private Entry[] _entries = [];
    private Entry[] _sorted = [];
    private int _count;

    /// <summary>A rune, its canonical combining class, and what it does to the text (<see cref="MappedText.Emit"/>).</summary>
    public record struct Entry(Rune Rune, byte CombiningClass, int Change);

    public Span<Entry> Entries => _entries.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(Rune rune, byte combiningClass, int change)
    {
        Buffers.Grow(ref _entries, _count + 1);
        _entries[_count++] = new(rune, combiningClass, change);
    }

    /// <summary>Sorts each run of non-starters by class, stable, in linear time: a hostile text may be one long run.</summary>
    public void Sort()
    {
        int start = 0;
        while (start < _count)
        {
            if (_entries[start].CombiningClass == 0)
            {
                start++;
                continue;
            }
            int end = start + 1;
            bool sorted = true;
            for (; end < _count && _entries[end].CombiningClass != 0; end++)
            {
                sorted &= _entries[end - 1].CombiningClass <= _entries[end].CombiningClass;
            }
            if (!sorted)
            {
                SortRun(_entries.AsSpan(start, end - start));
            }
            start = end;
        }
    }

    private void SortRun(Span<Entry> run)
    {
        Buffers.Grow(ref _sorted, run.Length);
        Span<int> next = stackalloc int[257];
        next.Clear();
        foreach (Entry entry in run)
        {
            next[entry.CombiningClass + 1]++;
        }
        for (int i = 1; i < next.Length; i++)
        {
            next[i] += next[i - 1];
        }
        foreach (Entry entry in run)
        {
            _sorted[next[entry.CombiningClass]++] = entry;
        }
        _sorted.AsSpan(0, run.Length).CopyTo(run);
    }

    public void Trim(int maxLength)
    {
        Buffers.Trim(ref _entries, maxLength);
        Buffers.Trim(ref _sorted, maxLength);
    }
}
