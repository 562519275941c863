using Serverless.Tokenizers.Normalizers;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Decoders;

/// <summary>Puts a string in place of every match of a pattern in each part.</summary>
internal sealed class ReplaceDecoder(Replace replace) : IDecoder
{
    public void Decode(List<string> parts)
    {
        var text = new MappedText();
        for (int i = 0; i < parts.Count; i++)
        {
            text.Load(parts[i], 0);
            replace.Normalize(text);
            parts[i] = text.Text.ToString();
        }
    }
}
