using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>
/// SentencePiece's rules compiled into a table: a double array over UTF-8 (darts-clone's layout) whose values point into a block of
/// zero-ended replacements. As in the reference library a grapheme of under 6 bytes is looked up whole, then rune by rune, and the
/// shortest key that begins it decides.
/// </summary>
internal sealed class Precompiled : INormalizer
{
    private const int MaxGraphemeBytes = 5;

    private readonly uint[] _trie;
    private readonly byte[] _replacements;
    private readonly SearchValues<char> _inert; // ASCII that no key begins with

    public Precompiled(ReadOnlySpan<byte> table)
    {
        int trieBytes = table.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(table);
        if (trieBytes < 4 || trieBytes % 4 != 0 || trieBytes > table.Length - 4)
        {
            throw new TokenizerException(
                $"precompiled_charsmap holds {table.Length} bytes and says that its first {trieBytes} are the index; a multiple "
                    + $"of 4 that fits is expected."
            );
        }
        _trie = new uint[trieBytes / 4];
        for (int i = 0; i < _trie.Length; i++)
        {
            _trie[i] = BinaryPrimitives.ReadUInt32LittleEndian(table[(4 + (4 * i))..]);
        }
        _replacements = [.. table[(4 + trieBytes)..], 0];
        _inert = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(i => (char)i).Where(unit => Find([(byte)unit]) < 0)]);
    }

    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        int next = text.Text.IndexOfAnyExcept(_inert);
        if (next < 0)
        {
            return;
        }
        text.BeginRewrite();
        while (text.ReadPosition < text.Length)
        {
            ReadOnlySpan<char> rest = text.Text[text.ReadPosition..];
            int inert = rest.IndexOfAnyExcept(_inert);
            if (inert < 0)
            {
                break;
            }
            // The last of them may carry marks that follow it.
            if (inert > 0 && rest[inert] > '\x7F')
            {
                inert--;
            }
            text.Copy(inert);
            int grapheme = StringInfo.GetNextTextElementLength(rest[inert..]);
            Rewrite(text, rest.Slice(inert, grapheme));
        }
        text.EndRewrite();
    }

    private void Rewrite(MappedText text, ReadOnlySpan<char> grapheme)
    {
        if (TryReplace(text, grapheme))
        {
            return;
        }
        while (!grapheme.IsEmpty)
        {
            Rune.DecodeFromUtf16(grapheme, out _, out int units);
            if (!TryReplace(text, grapheme[..units]))
            {
                text.Copy(units);
            }
            grapheme = grapheme[units..];
        }
    }

    private bool TryReplace(MappedText text, ReadOnlySpan<char> part)
    {
        if (part.Length > MaxGraphemeBytes)
        {
            return false;
        }
        Span<byte> key = stackalloc byte[MaxGraphemeBytes * 3]; // three bytes a unit at most
        int keyLength = Encoding.UTF8.GetBytes(part, key);
        if (keyLength > MaxGraphemeBytes)
        {
            return false;
        }
        int at = Find(key[..keyLength]);
        if (at < 0)
        {
            return false;
        }
        ReadOnlySpan<byte> replacement = _replacements.AsSpan(at);
        replacement = replacement[..replacement.IndexOf((byte)0)];
        int old = Runes.Count(part);
        while (Rune.DecodeFromUtf8(replacement, out Rune rune, out int bytes) != OperationStatus.NeedMoreData || bytes > 0)
        {
            if (old-- > 0)
            {
                text.Replace(rune);
            }
            else
            {
                text.InsertAfter(rune);
            }
            replacement = replacement[bytes..];
        }
        for (; old > 0; old--)
        {
            text.SkipRune();
        }
        return true;
    }

    /// <summary>The place of the replacement for the shortest key that <paramref name="text"/> begins with, or -1.</summary>
    private int Find(ReadOnlySpan<byte> text)
    {
        uint node = OffsetOf(_trie[0]);
        foreach (byte label in text)
        {
            if (label == 0)
            {
                return -1;
            }
            node ^= label;
            if (node >= _trie.Length)
            {
                return -1;
            }
            uint unit = _trie[node];
            if ((unit & 0x800000FF) != label)
            {
                return -1;
            }
            node ^= OffsetOf(unit);
            if ((unit & 0x100) == 0)
            {
                continue;
            }
            uint value = node < _trie.Length ? _trie[node] & 0x7FFFFFFF : uint.MaxValue;
            return value < _replacements.Length ? (int)value : -1;
        }
        return -1;
    }

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
