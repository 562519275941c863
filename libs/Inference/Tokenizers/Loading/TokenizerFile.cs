using Serverless.Inference.Tokenizers.AddedTokens;
using Serverless.Inference.Tokenizers.Decoders;
using Serverless.Inference.Tokenizers.Models;

namespace Serverless.Inference.Tokenizers.Loading;

/// <summary>Reads a tokenizer.json. What it names and is not known here is refused by its name.</summary>
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
            Decoder = DecoderReader.Read(root["decoder"]),
            AddedTokens = added,
            Truncation = ReadTruncation(root["truncation"]),
            Padding = ReadPadding(root["padding"], limits),
        };
    }

    internal static List<AddedToken> ReadAddedTokens(FileElement list, Vocabulary vocabulary, TokenizerLimits limits)
    {
        var tokens = new List<AddedToken>();
        if (list.IsNull)
            return tokens;
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
            if (token.Content.Length > limits.MaxTokenLength)
                throw item["content"].Reject($"at most {limits.MaxTokenLength} characters");
            if (vocabulary.IdOf(token.Content) is { } known && known != token.Id)
                throw item["id"].Reject($"{known}, which the model's vocabulary has for '{token.Content}'");
            tokens.Add(token);
        }
        return tokens;
    }

    private static TruncationSettings? ReadTruncation(FileElement element) => element.IsNull ? null : new(
        element["max_length"].Number(0, int.MaxValue),
        SideOf(element["direction"], TextSide.End),
        element["strategy"].Text("LongestFirst") switch
        {
            "LongestFirst" => TruncationStrategy.LongestFirst,
            "OnlyFirst" => TruncationStrategy.OnlyFirst,
            "OnlySecond" => TruncationStrategy.OnlySecond,
            _ => throw element["strategy"].Reject("LongestFirst, OnlyFirst or OnlySecond"),
        },
        element["stride"].Number(0, int.MaxValue, 0));

    private static PaddingSettings? ReadPadding(FileElement element, TokenizerLimits limits)
    {
        if (element.IsNull)
            return null;
        FileElement strategy = element["strategy"];
        if (!strategy["Fixed"].IsNull == strategy.IsString)
            throw strategy.Reject("BatchLongest or {\"Fixed\": length}");
        return new PaddingSettings(element["pad_id"].Number(0, limits.MaxVocabulary - 1, 0), element["pad_type_id"].Number(0, byte.MaxValue, 0))
        {
            Side = SideOf(element["direction"], TextSide.End),
            FixedLength = strategy["Fixed"].IsNull ? null : strategy["Fixed"].Number(0, int.MaxValue),
            MultipleOf = element["pad_to_multiple_of"].IsNull ? null : element["pad_to_multiple_of"].Number(1, int.MaxValue),
        };
    }

    private static TextSide SideOf(FileElement element, TextSide otherwise) => element.IsNull ? otherwise : element.Text() switch
    {
        "Left" => TextSide.Start,
        "Right" => TextSide.End,
        _ => throw element.Reject("Left or Right"),
    };
}
