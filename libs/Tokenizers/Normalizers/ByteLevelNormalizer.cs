using Serverless.Tokenizers.PreTokenizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Writes bytes as characters, as <see cref="ByteLevel"/> does, but before the text is split.</summary>
internal sealed class ByteLevelNormalizer : INormalizer
{
    // Spaces are no spaces afterwards.
    public bool IsLocal => false;

    public void Normalize(MappedText text)
    {
        if (ByteRewriter.TryRewriteAscii(text.Units))
        {
            return;
        }
        text.BeginRewrite();
        while (text.ReadPosition < text.Length)
        {
            ByteRewriter.RewriteRune(text);
        }
        text.EndRewrite();
    }
}
