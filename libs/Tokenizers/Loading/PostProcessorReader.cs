using Serverless.Tokenizers.AddedTokens;
using Serverless.Tokenizers.Models;
using Serverless.Tokenizers.PostProcessors;

namespace Serverless.Tokenizers.Loading;

internal static class PostProcessorReader
{
    private const int MaxParts = 64;

    public static PostProcessor Read(FileElement element, Vocabulary vocabulary, IReadOnlyList<AddedToken> added, TokenizerLimits limits)
    {
        if (element.IsNull)
        {
            return new PostProcessor();
        }
        string type = element["type"].Text();
        return type switch
        {
            "TemplateProcessing" => ReadTemplates(element, limits),
            "BertProcessing" => ReadBert(element, limits),
            "RobertaProcessing" => ReadRoberta(element, vocabulary, added, limits),
            "ByteLevel" => new PostProcessor { Trimmer = ReadTrimmer(element, vocabulary, added) },
            "Sequence" => ReadSequence(element["processors"], vocabulary, added, limits),
            _ => throw element["type"]
                .Reject("a known post-processor (TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence)"),
        };
    }

    private static OffsetTrimmer? ReadTrimmer(FileElement element, Vocabulary vocabulary, IReadOnlyList<AddedToken> added) =>
        element["trim_offsets"].Flag(true) ? new OffsetTrimmer(vocabulary, added, element["add_prefix_space"].Flag(true)) : null;

    private static PostProcessor ReadBert(FileElement element, TokenizerLimits limits)
    {
        (int separator, int classification) = (IdOf(element["sep"], limits), IdOf(element["cls"], limits));
        return Bert(separator, classification);
    }

    public static PostProcessor Bert(int separator, int classification)
    {
        TemplatePart[] single =
        [
            TemplatePart.OfSpecial(0, classification),
            TemplatePart.OfSequence(0, 0),
            TemplatePart.OfSpecial(0, separator),
        ];
        return new() { Single = new(single), Pair = new([.. single, TemplatePart.OfSequence(1, 1), TemplatePart.OfSpecial(1, separator)]) };
    }

    private static PostProcessor ReadRoberta(
        FileElement element,
        Vocabulary vocabulary,
        IReadOnlyList<AddedToken> added,
        TokenizerLimits limits
    )
    {
        (int separator, int classification) = (IdOf(element["sep"], limits), IdOf(element["cls"], limits));
        TemplatePart[] single =
        [
            TemplatePart.OfSpecial(0, classification),
            TemplatePart.OfSequence(0, 0),
            TemplatePart.OfSpecial(0, separator),
        ];
        return new()
        {
            Single = new(single),
            Pair = new([
                .. single,
                TemplatePart.OfSpecial(0, separator),
                TemplatePart.OfSequence(1, 0),
                TemplatePart.OfSpecial(0, separator),
            ]),
            Trimmer = ReadTrimmer(element, vocabulary, added),
        };
    }

    /// <summary>The id of a ["token", id].</summary>
    private static int IdOf(FileElement token, TokenizerLimits limits) =>
        token.Count == 2 ? token.Items().Last().Number(0, limits.MaxVocabulary - 1) : throw token.Reject("[token, id]");

    private static PostProcessor ReadTemplates(FileElement element, TokenizerLimits limits) =>
        new()
        {
            Single = ReadTemplate(element["single"], element["special_tokens"], limits, allowsPair: false),
            Pair = ReadTemplate(element["pair"], element["special_tokens"], limits, allowsPair: true),
        };

    private static Template ReadTemplate(FileElement parts, FileElement specials, TokenizerLimits limits, bool allowsPair)
    {
        if (parts.Count > MaxParts)
        {
            throw parts.Reject($"at most {MaxParts} parts");
        }
        Template template = new([.. parts.Items().Select(part => ReadPart(part, specials, limits))]);
        int[] sequences = [.. template.Parts.Where(part => part.IsSequence).Select(part => part.Sequence)];
        bool isWhole = sequences.Contains(0) && sequences.Contains(1) == allowsPair && sequences.Distinct().Count() == sequences.Length;
        return isWhole ? template : throw parts.Reject(allowsPair ? "sequences A and B once each" : "sequence A once");
    }

    private static TemplatePart ReadPart(FileElement part, FileElement specials, TokenizerLimits limits)
    {
        FileElement sequence = part["Sequence"],
            special = part["SpecialToken"];
        if (!sequence.IsNull)
        {
            int index = sequence["id"].Text() switch
            {
                "A" => 0,
                "B" => 1,
                _ => throw sequence["id"].Reject("A or B"),
            };
            return TemplatePart.OfSequence(index, sequence["type_id"].Number(0, byte.MaxValue, 0));
        }
        FileElement ids = specials[special["id"].Text()]["ids"];
        if (ids.Count > MaxParts)
        {
            throw ids.Reject($"at most {MaxParts} ids");
        }
        return TemplatePart.OfSpecial(
            special["type_id"].Number(0, byte.MaxValue, 0),
            [.. ids.Items().Select(id => id.Number(0, limits.MaxVocabulary - 1))]
        );
    }

    private static PostProcessor ReadSequence(
        FileElement list,
        Vocabulary vocabulary,
        IReadOnlyList<AddedToken> added,
        TokenizerLimits limits
    )
    {
        var result = new PostProcessor();
        bool hasTemplate = false;
        foreach (FileElement item in list.Items())
        {
            PostProcessor step = Read(item, vocabulary, added, limits);
            bool isTemplate = step.Single != Template.Single;
            if (isTemplate && hasTemplate)
            {
                throw item.Reject("no second post-processor that adds special tokens");
            }
            result = result with { Trimmer = step.Trimmer ?? result.Trimmer };
            if (isTemplate)
            {
                result = result with { Single = step.Single, Pair = step.Pair };
            }
            hasTemplate |= isTemplate;
        }
        return result;
    }
}
