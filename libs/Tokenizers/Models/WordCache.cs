using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// The tokens of words met before: a fixed table, one cache line an entry, in which a new word takes the place of the one with the
/// same hash. Only short words of few tokens are kept, which is nearly all of running text. One thread at a time.
/// </summary>
internal sealed class WordCache
{
    private const int MaxUnits = 16,
        MaxTokens = 5,
        Bits = 13; // 512 KiB

    private Entry[]? _entries;

    private struct Entry
    {
        public UnitBuffer Units;
        public IdBuffer Ids;
        public EndBuffer Ends;
        public byte Length;
        public byte Count;
    }

    [InlineArray(MaxUnits)]
    private struct UnitBuffer
    {
        private char _first;
    }

    [InlineArray(MaxTokens)]
    private struct IdBuffer
    {
        private int _first;
    }

    [InlineArray(MaxTokens)]
    private struct EndBuffer
    {
        private byte _first;
    }

    /// <summary>Adds the tokens of a known word.</summary>
    public bool TryAdd(ReadOnlySpan<char> word, int offset, TokenList tokens)
    {
        if (word.Length > MaxUnits || _entries == null)
        {
            return false;
        }
        ref Entry entry = ref _entries[SlotOf(word)];
        if (entry.Length != word.Length || !word.SequenceEqual(((ReadOnlySpan<char>)entry.Units)[..word.Length]))
        {
            return false;
        }
        int start = 0;
        for (int i = 0; i < entry.Count; i++)
        {
            tokens.Add(entry.Ids[i], offset + start, offset + entry.Ends[i]);
            start = entry.Ends[i];
        }
        return true;
    }

    /// <summary>Remembers the tokens from <paramref name="first"/> on, if they follow one another without gap.</summary>
    public void Keep(ReadOnlySpan<char> word, int offset, TokenList tokens, int first)
    {
        int count = tokens.Count - first;
        if (word.Length > MaxUnits || count is 0 or > MaxTokens)
        {
            return;
        }
        ReadOnlySpan<TextSpan> spans = tokens.Spans[first..];
        int end = offset;
        foreach (TextSpan span in spans)
        {
            if (span.Start != end)
            {
                return;
            }
            end = span.End;
        }
        _entries ??= new Entry[1 << Bits];
        ref Entry entry = ref _entries[SlotOf(word)];
        word.CopyTo(entry.Units);
        entry.Length = (byte)word.Length;
        entry.Count = (byte)count;
        for (int i = 0; i < count; i++)
        {
            entry.Ids[i] = tokens.Ids[first + i];
            entry.Ends[i] = (byte)(spans[i].End - offset);
        }
    }

    // A word that others take the place of costs time only, so the hash need not resist anyone.
    private static int SlotOf(ReadOnlySpan<char> word)
    {
        ulong hash = (ulong)word.Length;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(word);
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(bytes)) * 0x9E3779B97F4A7C15;
        }
        foreach (char unit in MemoryMarshal.Cast<byte, char>(bytes))
        {
            hash = (hash ^ unit) * 0x9E3779B97F4A7C15;
        }
        return (int)((hash ^ (hash >> 29)) * 0x9E3779B97F4A7C15 >> (64 - Bits));
    }
}
