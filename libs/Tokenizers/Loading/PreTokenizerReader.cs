using Serverless.Tokenizers.Patterns;
using Serverless.Tokenizers.PreTokenizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Loading;

internal static class PreTokenizerReader
{
    public static IPreTokenizer? Read(FileElement element)
    {
        if (element.IsNull)
        {
            return null;
        }
        string type = element["type"].Text();
        return type switch
        {
            "BertPreTokenizer" => new BertPreTokenizer(),
            "Whitespace" => new Whitespace(),
            "WhitespaceSplit" => new ClassSplitter(CharClass.Space, DelimiterBehavior.Removed),
            "Punctuation" => new ClassSplitter(CharClass.Punctuation, ReadBehavior(element["behavior"], DelimiterBehavior.Isolated)),
            "Digits" => new ClassSplitter(
                CharClass.Number,
                element["individual_digits"].Flag(false) ? DelimiterBehavior.Isolated : DelimiterBehavior.Contiguous
            ),
            "CharDelimiterSplit" => new PatternSplitter(
                Pattern.OfLiteral(element["delimiter"].Text()),
                DelimiterBehavior.Removed,
                isInverted: false
            ),
            "Split" => new PatternSplitter(
                PatternReader.Read(element["pattern"]),
                ReadBehavior(element["behavior"], null),
                element["invert"].Flag(false)
            ),
            "ByteLevel" => new ByteLevel(element["add_prefix_space"].Flag(true), element["use_regex"].Flag(true)),
            "Metaspace" => ReadMetaspace(element),
            "Sequence" => new PreTokenizerSequence([.. element["pretokenizers"].Items().Select(Read).OfType<IPreTokenizer>()]),
            _ => throw element["type"]
                .Reject(
                    "a known pre-tokenizer (BertPreTokenizer, Whitespace, WhitespaceSplit, Punctuation, Digits, "
                        + "CharDelimiterSplit, Split, ByteLevel, Metaspace, Sequence)"
                ),
        };
    }

    private static Metaspace ReadMetaspace(FileElement element)
    {
        FileElement scheme = element["prepend_scheme"];
        // Files from before prepend_scheme say add_prefix_space.
        PrependScheme prepend = scheme.Text(element["add_prefix_space"].Flag(true) ? "always" : "never") switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            _ => throw scheme.Reject("always, first or never"),
        };
        return new Metaspace(element["replacement"].Character(), prepend, element["split"].Flag(true));
    }

    private static DelimiterBehavior ReadBehavior(FileElement element, DelimiterBehavior? otherwise)
    {
        if (element.IsNull && otherwise is { } known)
        {
            return known;
        }
        return element.Text() switch
        {
            "Removed" => DelimiterBehavior.Removed,
            "Isolated" => DelimiterBehavior.Isolated,
            "MergedWithPrevious" => DelimiterBehavior.MergedWithPrevious,
            "MergedWithNext" => DelimiterBehavior.MergedWithNext,
            "Contiguous" => DelimiterBehavior.Contiguous,
            _ => throw element.Reject("Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous"),
        };
    }
}
