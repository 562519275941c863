using System.Buffers.Text;
using System.Text;
using Serverless.Tokenizers.Normalizers;

namespace Serverless.Tokenizers.Loading;

internal static class NormalizerReader
{
    public static INormalizer? Read(FileElement element)
    {
        if (element.IsNull)
        {
            return null;
        }
        string type = element["type"].Text();
        return type switch
        {
            "BertNormalizer" => ReadBert(element),
            "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
            "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
            "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
            "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
            "Lowercase" => new Lowercase(),
            "StripAccents" => new StripAccents(),
            "Strip" => new Strip(element["strip_left"].Flag(true), element["strip_right"].Flag(true)),
            "Replace" => new Replace(PatternReader.Read(element["pattern"]), element["content"].Text()),
            "Prepend" => new Prepend(element["prepend"].Text()),
            "Nmt" => new Nmt(),
            "ByteLevel" => new ByteLevelNormalizer(),
            "Precompiled" => ReadPrecompiled(element["precompiled_charsmap"]),
            "Sequence" => new NormalizerSequence([.. element["normalizers"].Items().Select(Read).OfType<INormalizer>()]),
            _ => throw element["type"]
                .Reject(
                    "a known normalizer (BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, Prepend, "
                        + "Nmt, ByteLevel, Precompiled, Sequence)"
                ),
        };
    }

    private static BertNormalizer ReadBert(FileElement element)
    {
        bool lowercases = element["lowercase"].Flag(true);
        return new BertNormalizer(
            cleansText: element["clean_text"].Flag(true),
            splitsIdeographs: element["handle_chinese_chars"].Flag(true),
            stripsAccents: element["strip_accents"].Flag(lowercases),
            lowercases
        );
    }

    private static Precompiled? ReadPrecompiled(FileElement table)
    {
        if (table.IsNull)
        {
            return null;
        }
        string text = table.Text();
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
        {
            throw table.Reject("base64");
        }
        return length == 0 ? null : new Precompiled(bytes.AsSpan(0, length));
    }
}
