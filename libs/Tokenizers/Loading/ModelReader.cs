using Serverless.Tokenizers.Models;

namespace Serverless.Tokenizers.Loading;

internal static class ModelReader
{
    public static IModel Read(FileElement element, TokenizerLimits limits)
    {
        string type = element["type"].Text(otherwise: GuessType(element));
        return type switch
        {
            "WordPiece" => ReadWordPiece(element, limits),
            "BPE" => BytePairReader.Read(element, limits),
            "Unigram" => ReadUnigram(element, limits),
            "WordLevel" => ReadWordLevel(element, limits),
            _ => throw element["type"].Reject("a known model (WordPiece, BPE, Unigram, WordLevel)"),
        };
    }

    // Old files name no type.
    private static string GuessType(FileElement element)
    {
        if (element["vocab"].IsArray)
        {
            return "Unigram";
        }
        if (!element["merges"].IsNull)
        {
            return "BPE";
        }
        return element["continuing_subword_prefix"].IsNull ? "WordLevel" : "WordPiece";
    }

    private static WordPiece ReadWordPiece(FileElement element, TokenizerLimits limits)
    {
        Vocabulary vocabulary = ReadVocabulary(element["vocab"], limits);
        return new WordPiece(
            vocabulary,
            ReadUnknown(element["unk_token"], "[UNK]", vocabulary),
            element["continuing_subword_prefix"].Text("##"),
            element["max_input_chars_per_word"].Number(1, int.MaxValue, 100)
        );
    }

    private static WordLevel ReadWordLevel(FileElement element, TokenizerLimits limits)
    {
        Vocabulary vocabulary = ReadVocabulary(element["vocab"], limits);
        return new WordLevel(vocabulary, ReadUnknown(element["unk_token"], "<unk>", vocabulary));
    }

    private static int ReadUnknown(FileElement element, string otherwise, Vocabulary vocabulary) =>
        vocabulary.IdOf(element.Text(otherwise))
        ?? throw element.Reject($"a token of the vocabulary, which has no '{element.Text(otherwise)}'");

    internal static Vocabulary ReadVocabulary(FileElement element, TokenizerLimits limits)
    {
        var entries = new List<(string, int)>();
        var budget = new TokenBudget(element.Path, limits);
        foreach ((string token, FileElement id) in element.Members())
        {
            entries.Add((token, id.Number(0, limits.MaxVocabulary - 1)));
            budget.Take(token);
        }
        if (entries.Count == 0)
        {
            throw element.Reject("at least one token");
        }
        return new Vocabulary(entries);
    }

    private static Unigram ReadUnigram(FileElement element, TokenizerLimits limits)
    {
        FileElement list = element["vocab"];
        if (list.Count is var count && (count == 0 || count > limits.MaxVocabulary))
        {
            throw list.Reject($"1 to {limits.MaxVocabulary} tokens, not {count}");
        }
        var entries = new List<(string, int)>(count);
        var scores = new double[count];
        var budget = new TokenBudget(list.Path, limits);
        foreach (FileElement pair in list.Items())
        {
            if (pair.Count != 2)
            {
                throw pair.Reject("[token, score]");
            }
            int id = entries.Count;
            FileElement[] parts = [.. pair.Items()];
            budget.Take(parts[0].Text());
            entries.Add((parts[0].Text(), id));
            scores[id] = parts[1].Real();
        }
        int? unknown = element["unk_id"].IsNull ? null : element["unk_id"].Number(0, count - 1);
        return new Unigram(new Vocabulary(entries), scores, unknown, element["byte_fallback"].Flag(false));
    }
}
