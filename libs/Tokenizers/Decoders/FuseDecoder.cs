namespace Serverless.Tokenizers.Decoders;

/// <summary>Makes one part of all, for decoders after it that look at the start or the end.</summary>
internal sealed class FuseDecoder : IDecoder
{
    public void Decode(List<string> parts)
    {
        string whole = string.Concat(parts);
        parts.Clear();
        parts.Add(whole);
    }
}
