namespace Serverless.Tokenizers.Models;

/// <summary>Cuts a piece of text into tokens of its vocabulary. Immutable; any thread.</summary>
internal interface IModel
{
    Vocabulary Vocabulary { get; }

    /// <summary>The token that stands for what the vocabulary does not know; null where it knows everything.</summary>
    int? Unknown { get; }

    /// <summary>Adds the tokens of <paramref name="piece"/>, their ranges counted from <paramref name="offset"/>.</summary>
    void Tokenize(ReadOnlySpan<char> piece, int offset, TokenList tokens, ModelScratch scratch);
}
