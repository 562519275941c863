using Serverless.Tokenizers.Decoders;
using Serverless.Tokenizers.Normalizers;

namespace Serverless.Tokenizers.Loading;

internal static class DecoderReader
{
    public static IDecoder? Read(FileElement element)
    {
        if (element.IsNull)
            return null;
        string type = element["type"].Text();
        return type switch
        {
            "WordPiece" => new WordPieceDecoder(element["prefix"].Text("##"), element["cleanup"].Flag(true)),
            "ByteLevel" => new ByteLevelDecoder(),
            "Metaspace" => ReadMetaspace(element),
            "BPEDecoder" => new WordSuffixDecoder(element["suffix"].Text("</w>")),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => new StripDecoder(element["content"].Character(), element["start"].Number(0, int.MaxValue), element["stop"].Number(0, int.MaxValue)),
            "Replace" => new ReplaceDecoder(new Replace(PatternReader.Read(element["pattern"]), element["content"].Text())),
            "Sequence" => new DecoderSequence([.. element["decoders"].Items().Select(Read).OfType<IDecoder>()]),
            _ => throw element["type"].Reject("a known decoder (WordPiece, ByteLevel, Metaspace, BPEDecoder, ByteFallback, Fuse, Strip, Replace, Sequence)"),
        };
    }

    private static MetaspaceDecoder ReadMetaspace(FileElement element)
    {
        bool prepends = element["prepend_scheme"].IsNull ? element["add_prefix_space"].Flag(true) : element["prepend_scheme"].Text() != "never";
        return new MetaspaceDecoder(element["replacement"].Character(), prepends);
    }
}
