using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

internal sealed class NormalizerSequence(INormalizer[] steps) : INormalizer
{
    public bool IsLocal { get; } = Array.TrueForAll(steps, step => step.IsLocal);

    public void Normalize(MappedText text)
    {
        foreach (INormalizer step in steps)
        {
            step.Normalize(text);
        }
    }
}
