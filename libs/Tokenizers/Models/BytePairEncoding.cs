using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

internal sealed record BytePairOptions
{
    public int? Unknown { get; init; }

    /// <summary>Unknown characters that touch are one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Unknown characters become the tokens of their bytes, if the vocabulary has all 256.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>A piece that is a token is not merged up to it, but taken.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>What all but the first symbol of a word begin with in the vocabulary.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>What the last symbol of a word ends with in the vocabulary.</summary>
    public string WordSuffix { get; init; } = "";
}

/// <summary>Byte-pair encoding (Sennrich 2016): characters, merged pair by pair in the order that was learnt.</summary>
internal sealed class BytePairEncoding : IModel
{
    private readonly MergeTable _merges;
    private readonly BytePairOptions _options;
    private readonly int[]? _byteTokens;
    private readonly int _continuation;

    public BytePairEncoding(Vocabulary vocabulary, MergeTable merges, BytePairOptions options)
    {
        Vocabulary = vocabulary;
        _merges = merges;
        _options = options;
        _byteTokens = options.FallsBackToBytes ? vocabulary.FindByteTokens() : null;
        _continuation = vocabulary.Trie.Walk(Trie.Root, options.ContinuingPrefix);
    }

    public Vocabulary Vocabulary { get; }

    public int? Unknown => _options.Unknown;

    public void Tokenize(ReadOnlySpan<char> piece, int offset, TokenList tokens, ModelScratch scratch)
    {
        if (scratch.Words.TryAdd(piece, offset, tokens))
        {
            return;
        }
        int first = tokens.Count;
        if (_options.IgnoresMerges && Vocabulary.IdOf(piece) is { } whole)
        {
            tokens.Add(whole, offset, offset + piece.Length);
        }
        else
        {
            MergeBuffer symbols = scratch.Merges;
            ReadSymbols(piece, symbols);
            symbols.Merge(_merges);
            foreach (MergeBuffer.Symbol symbol in symbols.Symbols)
            {
                tokens.Add(symbol.Id, offset + symbol.Start, offset + symbol.End);
            }
        }
        scratch.Words.Keep(piece, offset, tokens, first);
    }

    private void ReadSymbols(ReadOnlySpan<char> piece, MergeBuffer symbols)
    {
        symbols.Clear();
        bool wasUnknown = false;
        for (int start = 0, end; start < piece.Length; start = end)
        {
            end = start + Runes.FirstLength(piece[start..]);
            int id = Find(piece[start..end], isFirst: start == 0, isLast: end == piece.Length);
            if (id >= 0)
            {
                symbols.Add(id, start, end);
            }
            else
            {
                AddUnknown(piece[start..end], start, wasUnknown, symbols);
            }
            wasUnknown = id < 0;
        }
    }

    private int Find(ReadOnlySpan<char> rune, bool isFirst, bool isLast)
    {
        Trie trie = Vocabulary.Trie;
        int node = isFirst ? Trie.Root : _continuation;
        if (node >= 0)
        {
            node = trie.Walk(node, rune);
        }
        if (node >= 0 && isLast)
        {
            node = trie.Walk(node, _options.WordSuffix);
        }
        return node >= 0 ? trie.ValueAt(node) : Trie.None;
    }

    /// <summary>
    /// A character that is neither known nor has an unknown token to stand for it is left out, as in the reference library.
    /// </summary>
    private void AddUnknown(ReadOnlySpan<char> rune, int start, bool wasUnknown, MergeBuffer symbols)
    {
        int end = start + rune.Length;
        if (_byteTokens != null)
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (byte value in bytes[..Encoding.UTF8.GetBytes(rune, bytes)])
            {
                symbols.Add(_byteTokens[value], start, end);
            }
            return;
        }
        if (_options.Unknown is not { } unknown)
        {
            return;
        }
        if (wasUnknown && _options.FusesUnknown)
        {
            symbols.Symbols[^1].End = end;
        }
        else
        {
            symbols.Add(unknown, start, end);
        }
    }
}
