using Serverless.Tokenizers.Loading;
using Serverless.Tokenizers.Pipeline;

namespace Serverless.Tokenizers;

/// <summary>
/// Turns text into a model's token ids, as the Hugging Face tokenizers library does with the same files. Immutable and
/// thread-safe; lives as long as its model.
/// </summary>
public sealed partial class Tokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly TextPipeline _pipeline;
    private readonly ScratchPool _pool = new();

    internal Tokenizer(TokenizerDefinition definition)
    {
        _definition = definition;
        _pipeline = new(definition.Normalizer, definition.PreTokenizer, definition.Model, definition.AddedTokens);
        VocabularySize = Math.Max(
            definition.Model.Vocabulary.Size,
            definition.AddedTokens.Select(token => token.Id).DefaultIfEmpty(-1).Max() + 1
        );
        PadId = definition.PadId ?? 0;
    }

    /// <summary>
    /// Reads tokenizer.json, or vocab.txt with the settings of tokenizer_config.json, from a model package. Throws
    /// <see cref="TokenizerException"/> naming what is wrong or not supported.
    /// </summary>
    public static Tokenizer Load(string packageDirectory, TokenizerLimits? limits = null) =>
        new(TokenizerLoader.Load(packageDirectory, limits ?? TokenizerLimits.Default));

    /// <summary>One more than the highest id.</summary>
    public int VocabularySize { get; }

    /// <summary>
    /// Fills rows of unequal length. What else a file says of padding, and of how much is cut, is for its exporter's own program.
    /// </summary>
    public int PadId { get; }

    /// <summary>The token that stands for what the vocabulary does not know; null where it knows everything.</summary>
    public int? UnknownId => _definition.Model.Unknown;

    /// <summary>Which end of a long text the files say to cut; its end where they do not say.</summary>
    public TextSide TruncationSide => _definition.TruncationSide ?? TextSide.End;

    /// <summary>What of the files is not followed, a sentence each; mostly none.</summary>
    public IReadOnlyList<string> Notes => _definition.Notes;

    /// <summary>How many special tokens are put around a text, or around a pair.</summary>
    public int SpecialTokenCount(bool isPair = false) => _definition.PostProcessor.TemplateFor(isPair).SpecialCount;

    /// <summary>How many tokens a text has, without limit.</summary>
    public int CountTokens(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        EncodeScratch scratch = _pool.Rent();
        try
        {
            return _pipeline.Count(text, scratch) + (addSpecialTokens ? SpecialTokenCount() : 0);
        }
        finally
        {
            _pool.Return(scratch);
        }
    }
}
