using System.Runtime.CompilerServices;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// Strings to numbers, found in one walk over their UTF-16 units. A double array (Aoe 1989): the child of node n by symbol c is at
/// base[n] + c and names n as its parent. Symbols are dense codes, frequent characters first. Immutable; any thread.
/// </summary>
internal sealed class Trie
{
    public const int Root = 0;
    public const int None = -1;

    private readonly ushort[] _codes;
    private readonly Node[] _nodes;

    internal Trie(ushort[] codes, Node[] nodes)
    {
        _codes = codes;
        _nodes = nodes;
    }

    /// <summary>Value is <see cref="None"/> where no string ends.</summary>
    internal record struct Node(int Base, int Parent, int Value);

    /// <summary>The node reached from <paramref name="node"/> by <paramref name="unit"/>, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Step(int node, char unit)
    {
        // A code of 0 (no string has the unit) leads to a slot that names no parent; the array is padded by the alphabet's size.
        int next = _nodes[node].Base + _codes[unit];
        return _nodes[next].Parent == node ? next : None;
    }

    public int Walk(int node, ReadOnlySpan<char> text)
    {
        foreach (char unit in text)
        {
            node = Step(node, unit);
            if (node < 0)
            {
                return None;
            }
        }
        return node;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ValueAt(int node) => _nodes[node].Value;

    /// <summary>The value of exactly <paramref name="text"/>, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<char> text) => Walk(Root, text) is var node and >= 0 ? _nodes[node].Value : None;

    /// <summary>The value of the longest string that <paramref name="text"/> begins with, read from <paramref name="node"/> on.</summary>
    public int FindLongest(int node, ReadOnlySpan<char> text, out int length)
    {
        int value = None;
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            node = Step(node, text[i]);
            if (node < 0)
            {
                break;
            }
            int found = _nodes[node].Value;
            if (found >= 0)
            {
                (value, length) = (found, i + 1);
            }
        }
        return value;
    }
}
