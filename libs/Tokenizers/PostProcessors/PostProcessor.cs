namespace Serverless.Tokenizers.PostProcessors;

/// <summary>What is done with the tokens of texts before they are given out.</summary>
internal sealed record PostProcessor
{
    public Template Single { get; init; } = Template.Single;

    public Template Pair { get; init; } = Template.Pair;

    /// <summary>Takes white space out of tokens' offsets; null where the file does not ask for it.</summary>
    public OffsetTrimmer? Trimmer { get; init; }

    public Template TemplateFor(bool isPair) => isPair ? Pair : Single;
}
