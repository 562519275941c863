namespace Serverless.Tokenizers;

/// <summary>What a tokenizer's files, which come from anyone, may be at most.</summary>
public sealed record TokenizerLimits
{
    public static TokenizerLimits Default { get; } = new();

    /// <summary>Bytes of each file. Default 64 MiB; the largest in use (multilingual, 250,000 tokens) has 17.</summary>
    public int MaxFileBytes { get; init; } = 64 << 20;

    /// <summary>Ids must be below this. Default 500,000.</summary>
    public int MaxVocabulary { get; init; } = 500_000;

    /// <summary>
    /// UTF-16 units of all tokens together. Default 8,000,000: a trie of tokens that share nothing has a node for each, of 16 bytes while
    /// it is laid out.
    /// </summary>
    public int MaxVocabularyCharacters { get; init; } = 8_000_000;

    /// <summary>Of a BPE tokenizer. Default 1,000,000.</summary>
    public int MaxMerges { get; init; } = 1_000_000;

    /// <summary>
    /// JSON tokens of each file, counted before any is kept: a name, a value, a bracket. Default 4,000,000, which is more than 250,000
    /// tokens and 600,000 merges as pairs take. A parsed document holds 12 bytes for each (JsonDocument.DbRow of .NET).
    /// </summary>
    public int MaxJsonTokens { get; init; } = 4_000_000;

    /// <summary>UTF-16 units of one token. Default 2,000; real ones have under 200.</summary>
    public int MaxTokenLength { get; init; } = 2_000;
}
