namespace Serverless.Tokenizers.Decoders;

/// <summary>Makes visible spaces spaces again, without the one that was put before the text.</summary>
internal sealed class MetaspaceDecoder(char replacement, bool wasPrepended) : IDecoder
{
    public void Decode(List<string> parts)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            parts[i] = i == 0 && wasPrepended
                ? parts[i].Replace(replacement.ToString(), "", StringComparison.Ordinal)
                : parts[i].Replace(replacement, ' ');
        }
    }
}
