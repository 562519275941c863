namespace Serverless.Tokenizers.Models;

/// <summary>Lays a <see cref="Trie"/> out, level by level, each node's children in the first slots that take them.</summary>
internal sealed class TrieBuilder
{
    private const int NoParent = -2; // unlike a free slot's
    private const int MaxTries = 64; // then a node with many children goes to the end: a few slots lost, no quadratic search

    private readonly ushort[] _codes = new ushort[char.MaxValue + 1];
    private readonly (string Text, int Value)[] _entries;
    private readonly int _alphabet;
    private Trie.Node[] _nodes = [];
    private int[] _nextFree = [];
    private int _firstFree = 1;
    private int _end = 1;

    private TrieBuilder(IEnumerable<(string Text, int Value)> entries)
    {
        _entries = [.. entries];
        _alphabet = AssignCodes();
        // By code, so that equal beginnings stand together.
        Array.Sort(_entries, (a, b) => Compare(a.Text, b.Text));
    }

    /// <summary>A string that comes twice keeps the value that came last; the empty string is left out.</summary>
    public static Trie Build(IEnumerable<(string Text, int Value)> entries)
    {
        Dictionary<string, int> distinct = new(StringComparer.Ordinal);
        foreach ((string text, int value) in entries)
        {
            if (text.Length > 0)
            {
                distinct[text] = value;
            }
        }
        return new TrieBuilder(distinct.Select(pair => (pair.Key, pair.Value))).Lay();
    }

    private int AssignCodes()
    {
        var counts = new int[char.MaxValue + 1];
        foreach ((string text, _) in _entries)
        {
            foreach (char unit in text)
            {
                counts[unit]++;
            }
        }
        int[] used = [.. Enumerable.Range(0, counts.Length).Where(unit => counts[unit] > 0).OrderByDescending(unit => counts[unit])];
        for (int i = 0; i < used.Length; i++)
        {
            _codes[used[i]] = (ushort)(i + 1);
        }
        return used.Length;
    }

    private int Compare(string a, string b)
    {
        int length = Math.Min(a.Length, b.Length);
        int same = a.AsSpan(0, length).CommonPrefixLength(b);
        return same == length ? a.Length - b.Length : _codes[a[same]] - _codes[b[same]];
    }

    private record struct Range(int Node, int First, int Last, int Depth);

    private Trie Lay()
    {
        EnsureSlots(_alphabet + 2);
        _nodes[Trie.Root] = new(0, NoParent, Trie.None);
        var open = new Queue<Range>();
        open.Enqueue(new(Trie.Root, 0, _entries.Length, 0));
        var children = new List<Range>();
        while (open.TryDequeue(out Range range))
        {
            FindChildren(ref range, children);
            if (children.Count == 0)
            {
                continue;
            }
            int offset = FindBase(children);
            _nodes[range.Node].Base = offset;
            foreach (Range child in children)
            {
                int slot = offset + child.Node;
                Take(slot);
                _nodes[slot] = new(0, range.Node, Trie.None);
                open.Enqueue(child with { Node = slot });
            }
        }
        // Leaves keep base 0: what they step to never names them as its parent.
        Array.Resize(ref _nodes, _end + _alphabet + 1);
        for (int i = _end; i < _nodes.Length; i++)
        {
            _nodes[i] = new(0, Trie.None, Trie.None);
        }
        return new Trie(_codes, _nodes);
    }

    /// <summary>
    /// The parts of a range that differ in the next unit; their Node is that unit's code for now. Takes out the string that ends here.
    /// </summary>
    private void FindChildren(ref Range range, List<Range> children)
    {
        children.Clear();
        int first = range.First;
        if (first < range.Last && _entries[first].Text.Length == range.Depth)
        {
            _nodes[range.Node].Value = _entries[first++].Value;
        }
        while (first < range.Last)
        {
            int code = _codes[_entries[first].Text[range.Depth]];
            int last = first + 1;
            while (last < range.Last && _codes[_entries[last].Text[range.Depth]] == code)
            {
                last++;
            }
            children.Add(new(code, first, last, range.Depth + 1));
            first = last;
        }
    }

    private int FindBase(List<Range> children)
    {
        int lowest = children[0].Node;
        int slot = _firstFree;
        for (int tries = 0; slot < _end && tries < MaxTries; tries++, slot = NextFree(slot + 1))
        {
            int offset = slot - lowest;
            if (offset > 0 && Fits(offset, children))
            {
                return offset;
            }
        }
        return Math.Max(1, _end - lowest + 1);
    }

    private bool Fits(int offset, List<Range> children)
    {
        EnsureSlots(offset + _alphabet + 1);
        foreach (Range child in children)
        {
            if (_nodes[offset + child.Node].Parent != Trie.None)
            {
                return false;
            }
        }
        return true;
    }

    private void Take(int slot)
    {
        EnsureSlots(slot + 2); // so that the slot after a taken one exists
        _nextFree[slot] = slot + 1;
        _end = Math.Max(_end, slot + 1);
        _firstFree = NextFree(_firstFree);
    }

    /// <summary>The first free slot at or after <paramref name="slot"/>; what is skipped is remembered (path halving).</summary>
    private int NextFree(int slot)
    {
        while (_nextFree[slot] != slot)
        {
            _nextFree[slot] = _nextFree[_nextFree[slot]];
            slot = _nextFree[slot];
        }
        return slot;
    }

    private void EnsureSlots(int count)
    {
        int old = _nodes.Length;
        if (count <= old)
        {
            return;
        }
        int length = Math.Max(count + 1, old * 2);
        Array.Resize(ref _nodes, length);
        Array.Resize(ref _nextFree, length);
        for (int i = old; i < length; i++)
        {
            _nodes[i] = new(0, Trie.None, Trie.None);
            _nextFree[i] = i;
        }
    }
}
