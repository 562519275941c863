namespace Serverless.Tokenizers.Decoders;

internal sealed class DecoderSequence(IDecoder[] steps) : IDecoder
{
    public void Decode(List<string> parts)
    {
        foreach (IDecoder step in steps)
            step.Decode(parts);
    }
}
