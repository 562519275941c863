namespace Serverless.Tokenizers.Models;

/// <summary>One token a word, or the unknown token.</summary>
internal sealed class WordLevel(Vocabulary vocabulary, int unknown) : IModel
{
    public Vocabulary Vocabulary => vocabulary;

    public int? Unknown => unknown;

    public void Tokenize(ReadOnlySpan<char> piece, int offset, TokenList tokens, ModelScratch scratch) =>
        tokens.Add(vocabulary.IdOf(piece) ?? unknown, offset, offset + piece.Length);
}
