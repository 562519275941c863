using Serverless.Inference.Tokenizers.PreTokenizers;
using Serverless.Inference.Tokenizers.Text;

namespace Serverless.Inference.Tokenizers.Normalizers;

/// <summary>Writes bytes as characters, as <see cref="ByteLevel"/> does, but before the text is split.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    // Spaces are no spaces afterwards.
    public bool IsLocal => false;

    public void Normalize(MappedText text)
    {
        if (ByteRewriter.TryRewriteAscii(text.Units))
            return;
        text.BeginRewrite();
        while (text.ReadPosition < text.Length)
            ByteRewriter.RewriteRune(text);
        text.EndRewrite();
    }
}
