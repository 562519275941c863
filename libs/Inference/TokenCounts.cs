namespace Serverless.Inference;

/// <summary>Tokens of a request's texts without special ones; none where nothing is tokenized or the tokenizer knows everything.</summary>
/// <param name="Unknown">How many of them stand for what the vocabulary does not know.</param>
public readonly record struct TokenCounts(long All, long Unknown)
{
    public static TokenCounts operator +(TokenCounts first, TokenCounts second) =>
        new(first.All + second.All, first.Unknown + second.Unknown);
}
