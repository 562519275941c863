using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;

namespace Serverless.Tokenizers.Loading;

/// <summary>
/// Reads a tokenizer.json. What it names and is not known here is refused by its name, except its decoder, which turns ids into text and
/// changes no answer.
/// </summary>
internal static class TokenizerFile
{
    public static TokenizerDefinition Read(FileElement root, TokenizerLimits limits)
    {
        IModel model = ModelReader.Read(root["model"], limits);
        IReadOnlyList<AddedToken> added = ReadAddedTokens(root["added_tokens"], model.Vocabulary, limits);
        return new TokenizerDefinition(model)
        {
            Normalizer = NormalizerReader.Read(root["normalizer"]),
            PreTokenizer = PreTokenizerReader.Read(root["pre_tokenizer"]),
            PostProcessor = PostProcessorReader.Read(root["post_processor"], model.Vocabulary, added, limits),
            AddedTokens = added,
            TruncationSide = ReadSide(root["truncation"]["direction"]),
            PadId = root["padding"].IsNull ? null : root["padding"]["pad_id"].Number(0, limits.MaxVocabulary - 1, 0),
        };
    }

    /// <summary>"Left" and "Right" in tokenizer.json, in small letters in tokenizer_config.json.</summary>
    internal static TextSide? ReadSide(FileElement side) =>
        side.IsNull ? null
        : side.Text().Equals("left", StringComparison.OrdinalIgnoreCase) ? TextSide.Start
        : side.Text().Equals("right", StringComparison.OrdinalIgnoreCase) ? TextSide.End
        : throw side.Reject("left or right");

    internal static List<AddedToken> ReadAddedTokens(FileElement list, Vocabulary vocabulary, TokenizerLimits limits)
    {
        var tokens = new List<AddedToken>();
        if (list.IsNull)
        {
            return tokens;
        }
        var budget = new TokenBudget(list.Path, limits);
        foreach (FileElement item in list.Items())
        {
            bool isSpecial = item["special"].Flag(false);
            var token = new AddedToken(item["id"].Number(0, limits.MaxVocabulary - 1), item["content"].Text())
            {
                IsSpecial = isSpecial,
                SingleWord = item["single_word"].Flag(false),
                LeftStrip = item["lstrip"].Flag(false),
                RightStrip = item["rstrip"].Flag(false),
                Normalized = item["normalized"].Flag(!isSpecial),
            };
            budget.Take(token.Content);
            if (vocabulary.IdOf(token.Content) is { } known && known != token.Id)
            {
                throw item["id"].Reject($"{known}, which the model's vocabulary has for '{token.Content}'");
            }
            tokens.Add(token);
        }
        return tokens;
    }
}
