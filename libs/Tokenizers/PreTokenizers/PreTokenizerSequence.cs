namespace Serverless.Tokenizers.PreTokenizers;

internal sealed class PreTokenizerSequence(IPreTokenizer[] steps) : IPreTokenizer
{
    public Locality Locality { get; } =
        Array.Exists(steps, step => step.Locality == Locality.Global)
            ? Locality.Global
            : steps.Select(step => step.Locality).DefaultIfEmpty(Locality.Local).Max();

    public void Apply(PreTokenizedText text)
    {
        foreach (IPreTokenizer step in steps)
        {
            step.Apply(text);
        }
    }
}
