namespace Serverless.Tokenizers.Decoders;

/// <summary>Takes up to so many of a character off the start and the end of each part.</summary>
internal sealed class StripDecoder(char content, int start, int stop) : IDecoder
{
    public void Decode(List<string> parts)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            string part = parts[i];
            int first = Math.Min(start, part.Length - part.AsSpan().TrimStart(content).Length);
            int last = part.Length - Math.Min(stop, part.Length - part.AsSpan().TrimEnd(content).Length);
            parts[i] = part[first..Math.Max(first, last)];
        }
    }
}
