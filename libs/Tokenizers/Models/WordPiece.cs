using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Models;

/// <summary>
/// BERT's model: the longest token that a word begins with, then the longest continuations; one unknown token if that fails.
/// </summary>
internal sealed class WordPiece : IModel
{
    private readonly int _unknown;
    private readonly int _maxRunes;
    private readonly int _continuation; // the trie's node behind the continuing prefix ("##")

    public WordPiece(Vocabulary vocabulary, int unknown, string continuingPrefix, int maxRunesPerWord)
    {
        Vocabulary = vocabulary;
        _unknown = unknown;
        _maxRunes = maxRunesPerWord;
        _continuation = vocabulary.Trie.Walk(Trie.Root, continuingPrefix);
    }

    public Vocabulary Vocabulary { get; }

    public int? Unknown => _unknown;

    public void Tokenize(ReadOnlySpan<char> piece, int offset, TokenList tokens, ModelScratch scratch)
    {
        int first = tokens.Count;
        if (piece.Length > _maxRunes && Runes.CountIsOver(piece, _maxRunes))
        {
            tokens.Add(_unknown, offset, offset + piece.Length);
            return;
        }
        Trie trie = Vocabulary.Trie;
        int node = Trie.Root;
        for (int start = 0; start < piece.Length; node = _continuation)
        {
            int length = 0;
            int id = node < 0 ? Trie.None : trie.FindLongest(node, piece[start..], out length);
            if (id < 0)
            {
                tokens.Truncate(first);
                tokens.Add(_unknown, offset, offset + piece.Length);
                return;
            }
            tokens.Add(id, offset + start, offset + start + length);
            start += length;
        }
    }
}
