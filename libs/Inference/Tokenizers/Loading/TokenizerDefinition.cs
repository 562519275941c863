using Serverless.Inference.Tokenizers.AddedTokens;
using Serverless.Inference.Tokenizers.Decoders;
using Serverless.Inference.Tokenizers.Models;
using Serverless.Inference.Tokenizers.Normalizers;
using Serverless.Inference.Tokenizers.PostProcessors;
using Serverless.Inference.Tokenizers.PreTokenizers;

namespace Serverless.Inference.Tokenizers.Loading;

/// <summary>All parts of a tokenizer, read and checked.</summary>
internal sealed record TokenizerDefinition(IModel Model)
{
    public INormalizer? Normalizer { get; init; }

    public IPreTokenizer? PreTokenizer { get; init; }

    public PostProcessor PostProcessor { get; init; } = new();

    public IDecoder? Decoder { get; init; }

    public IReadOnlyList<AddedToken> AddedTokens { get; init; } = [];

    public int? PadId { get; init; }
}
