using System.Text;
using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.Normalizers;
using Serverless.Tokenizers.PreTokenizers;

namespace Serverless.Tokenizers.Loading;

/// <summary>Makes BERT's tokenizer of a vocab.txt (a token a line, ids by line) and the settings of tokenizer_config.json.</summary>
internal static class VocabularyFile
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public static TokenizerDefinition Read(string path, FileElement config, TokenizerLimits limits)
    {
        Vocabulary vocabulary = ReadVocabulary(path, limits);
        int unknown = Required("unk_token", "[UNK]"),
            separator = Required("sep_token", "[SEP]"),
            classification = Required("cls_token", "[CLS]");
        int?[] specials = [Find("pad_token", "[PAD]"), unknown, classification, separator, Find("mask_token", "[MASK]")];
        bool lowercases = config["do_lower_case"].Flag(true);
        return new TokenizerDefinition(new WordPiece(vocabulary, unknown, "##", maxRunesPerWord: 100))
        {
            Normalizer = new BertNormalizer(
                cleansText: true,
                splitsIdeographs: config["tokenize_chinese_chars"].Flag(true),
                stripsAccents: config["strip_accents"].Flag(lowercases),
                lowercases
            ),
            PreTokenizer = new BertPreTokenizer(),
            PostProcessor = PostProcessorReader.Bert(separator, classification),
            AddedTokens =
            [
                .. specials.OfType<int>().Distinct().Select(id => new AddedToken(id, vocabulary.TokenOf(id)!) { IsSpecial = true }),
            ],
        };

        int? Find(string name, string otherwise) => vocabulary.IdOf(TokenizerLoader.NameOf(config[name]) ?? otherwise);

        int Required(string name, string otherwise) =>
            Find(name, otherwise)
            ?? throw new TokenizerException($"vocab.txt lacks the {name} '{TokenizerLoader.NameOf(config[name]) ?? otherwise}'.");
    }

    private static Vocabulary ReadVocabulary(string path, TokenizerLimits limits)
    {
        TokenizerLoader.CheckLength(path, limits);
        var entries = new List<(string, int)>();
        var budget = new TokenBudget("vocab.txt", limits);
        try
        {
            foreach (string line in File.ReadLines(path, StrictUtf8))
            {
                string token = line.TrimEnd();
                budget.Take(token);
                entries.Add((token, entries.Count));
            }
        }
        catch (DecoderFallbackException fault)
        {
            throw new TokenizerException($"vocab.txt is not UTF-8 near line {entries.Count + 1}.", fault);
        }
        return new Vocabulary(entries);
    }
}
