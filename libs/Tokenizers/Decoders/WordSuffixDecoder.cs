namespace Serverless.Tokenizers.Decoders;

/// <summary>Reads the suffix of words' last symbols as a space, and as nothing at the very end.</summary>
internal sealed class WordSuffixDecoder(string suffix) : IDecoder
{
    public void Decode(List<string> parts)
    {
        for (int i = 0; i < parts.Count && suffix.Length > 0; i++)
            parts[i] = parts[i].Replace(suffix, i == parts.Count - 1 ? "" : " ", StringComparison.Ordinal);
    }
}
