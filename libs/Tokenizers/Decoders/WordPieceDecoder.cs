namespace Serverless.Tokenizers.Decoders;

/// <summary>Joins continuations to their words and, if asked, mends the spaces that splitting punctuation had put in.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleansUp) : IDecoder
{
    private static readonly (string Old, string New)[] English =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public void Decode(List<string> parts)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            string part = parts[i];
            if (i > 0)
                part = part.StartsWith(prefix, StringComparison.Ordinal) ? part[prefix.Length..] : " " + part;
            if (cleansUp)
            {
                foreach ((string old, string replacement) in English)
                    part = part.Replace(old, replacement, StringComparison.Ordinal);
            }
            parts[i] = part;
        }
    }
}
