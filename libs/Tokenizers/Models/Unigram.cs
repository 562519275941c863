using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// SentencePiece's language model: of all ways to cut a piece into tokens the one with the highest sum of scores (Kudo 2018).
/// </summary>
internal sealed class Unigram : IModel
{
    private const double UnknownPenalty = 10; // SentencePiece's kUnkPenalty
    private const int NoUnknown = -1;

    private readonly double[] _scores;
    private readonly double _unknownScore;
    private readonly int _unknown;
    private readonly int[]? _byteTokens;

    public Unigram(Vocabulary vocabulary, double[] scores, int? unknown, bool fallsBackToBytes)
    {
        Vocabulary = vocabulary;
        _scores = scores;
        _unknown = unknown ?? NoUnknown;
        _unknownScore = scores.DefaultIfEmpty().Min() - UnknownPenalty;
        _byteTokens = fallsBackToBytes ? vocabulary.FindByteTokens() : null;
    }

    public Vocabulary Vocabulary { get; }

    public int? Unknown => _unknown == NoUnknown ? null : _unknown;

    public void Tokenize(ReadOnlySpan<char> piece, int offset, TokenList tokens, ModelScratch scratch)
    {
        if (scratch.Words.TryAdd(piece, offset, tokens))
        {
            return;
        }
        int first = tokens.Count;
        Span<ViterbiBuffer.Step> steps = scratch.Paths.Start(piece.Length);
        FindBestPath(piece, steps);
        AddPath(piece, offset, steps, tokens, scratch.Paths);
        scratch.Words.Keep(piece, offset, tokens, first);
    }

    private void FindBestPath(ReadOnlySpan<char> piece, Span<ViterbiBuffer.Step> steps)
    {
        Trie trie = Vocabulary.Trie;
        int next;
        for (int start = 0; start < piece.Length; start = next)
        {
            next = start + Runes.FirstLength(piece[start..]);
            double score = steps[start].Score;
            bool isKnownRune = false;
            int node = Trie.Root;
            for (int end = start; end < piece.Length; )
            {
                node = trie.Step(node, piece[end++]);
                if (node < 0)
                {
                    break;
                }
                int id = trie.ValueAt(node);
                if (id < 0)
                {
                    continue;
                }
                Offer(ref steps[end], score + _scores[id], start, id);
                isKnownRune |= end == next;
            }
            if (!isKnownRune)
            {
                Offer(ref steps[next], score + _unknownScore, start, _unknown);
            }
        }
    }

    private static void Offer(ref ViterbiBuffer.Step step, double score, int start, int id)
    {
        if (step.Start < 0 || score > step.Score)
        {
            step = new(score, start, id);
        }
    }

    private void AddPath(ReadOnlySpan<char> piece, int offset, Span<ViterbiBuffer.Step> steps, TokenList tokens, ViterbiBuffer buffer)
    {
        Span<TextSpan> path = buffer.Path(piece.Length);
        int count = 0;
        bool wasUnknown = false;
        for (int end = piece.Length; end > 0; end = steps[end].Start)
        {
            bool isUnknown = steps[end].Id == _unknown;
            // Unknown neighbours are one token.
            if (isUnknown && wasUnknown)
            {
                path[count - 1] = path[count - 1] with { Start = steps[end].Start };
            }
            else
            {
                path[count++] = new(steps[end].Start, end);
            }
            wasUnknown = isUnknown;
        }
        while (--count >= 0)
        {
            TextSpan span = path[count];
            int id = steps[span.End].Start == span.Start ? steps[span.End].Id : _unknown;
            if (id == _unknown)
            {
                AddUnknown(piece[span.Start..span.End], offset + span.Start, tokens);
            }
            else
            {
                tokens.Add(id, offset + span.Start, offset + span.End);
            }
        }
    }

    private void AddUnknown(ReadOnlySpan<char> text, int offset, TokenList tokens)
    {
        int end = offset + text.Length;
        // What was joined of unknown characters may yet be a token with a score so low that no path took it.
        if (Vocabulary.IdOf(text) is { } known)
        {
            tokens.Add(known, offset, end);
            return;
        }
        if (_byteTokens == null)
        {
            if (_unknown == NoUnknown)
            {
                throw new TokenizerException(
                    $"The tokenizer's Unigram model has no unknown token (unk_id) for U+{(int)text[0]:X4}, which its vocabulary lacks."
                );
            }
            tokens.Add(_unknown, offset, end);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in text.EnumerateRunes())
        {
            foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
            {
                tokens.Add(_byteTokens[value], offset, end);
            }
        }
    }
}
