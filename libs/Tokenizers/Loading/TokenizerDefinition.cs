using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.Normalizers;
using Serverless.Tokenizers.PostProcessors;
using Serverless.Tokenizers.PreTokenizers;

namespace Serverless.Tokenizers.Loading;

/// <summary>All parts of a tokenizer, read and checked.</summary>
internal sealed record TokenizerDefinition(IModel Model)
{
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public PostProcessor PostProcessor { get; init; } = new();

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public int? PadId { get; init; }

    /// <summary>What of the files is not followed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Null where the file does not say.</summary>
    public TextSide? TruncationSide { get; init; }
}
