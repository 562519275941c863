namespace Serverless.Tokenizers.Decoders;

/// <summary>Turns tokens back into parts of text, which are joined at the end. Immutable; any thread.</summary>
internal interface IDecoder
{
    void Decode(List<string> parts);
}
