using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Loading;
using Serverless.Tokenizers.Pipeline;

namespace Serverless.Tokenizers;

/// <summary>
/// Turns text into a model's token ids and back, as the Hugging Face tokenizers library does with the same files. Immutable and
/// thread-safe; lives as long as its model.
/// </summary>
public sealed partial class Tokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly TextPipeline _pipeline;
    private readonly ScratchPool _pool = new();
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly Dictionary<string, int> _addedByContent;
    private readonly HashSet<string> _specialContents;

    internal Tokenizer(TokenizerDefinition definition)
    {
        _definition = definition;
        _pipeline = new(definition.Normalizer, definition.PreTokenizer, definition.Model, definition.AddedTokens);
        _addedById = definition.AddedTokens.GroupBy(token => token.Id).ToDictionary(group => group.Key, group => group.Last());
        _addedByContent = definition.AddedTokens.GroupBy(token => token.Content, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last().Id, StringComparer.Ordinal);
        _specialContents = [.. definition.AddedTokens.Where(token => token.IsSpecial).Select(token => token.Content)];
        VocabularySize = Math.Max(definition.Model.Vocabulary.Size, _addedById.Keys.DefaultIfEmpty(-1).Max() + 1);
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

    /// <summary>Fills rows of unequal length. What else a file says of padding and truncation is for its exporter's own program.</summary>
    public int PadId { get; }

    public IReadOnlyList<AddedToken> AddedTokens => _definition.AddedTokens;

    /// <summary>How many special tokens are put around a text, or around a pair.</summary>
    public int SpecialTokenCount(bool isPair = false) => _definition.PostProcessor.TemplateFor(isPair).SpecialCount;

    public string? TokenOf(int id) => _addedById.TryGetValue(id, out AddedToken? added) ? added.Content : _definition.Model.Vocabulary.TokenOf(id);

    public int? IdOf(string token) => _addedByContent.TryGetValue(token, out int id) ? id : _definition.Model.Vocabulary.IdOf(token);

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

    /// <summary>The text of tokens. Not always the text that they came from: normalizing loses case, accents and spaces.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var parts = new List<string>(ids.Length);
        foreach (int id in ids)
        {
            if (TokenOf(id) is { } token && !(skipSpecialTokens && _specialContents.Contains(token)))
                parts.Add(token);
        }
        if (_definition.Decoder == null)
            return string.Join(' ', parts);
        _definition.Decoder.Decode(parts);
        return string.Concat(parts);
    }
}
