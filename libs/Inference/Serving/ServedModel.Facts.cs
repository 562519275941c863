using Serverless.Inference.Text;

namespace Serverless.Inference.Serving;

/// <summary>What a caller has to know of a model before it prepares inputs for it.</summary>
public sealed partial class ServedModel
{
    /// <summary>Of the vectors of a model that embeds; 0 for others.</summary>
    public int Dimensions =>
        _task switch
        {
            TextEmbedder texts => texts.Dimensions,
            ImageEmbedder images => images.Dimensions,
            TextImageEmbedder both => both.Texts.Dimensions,
            _ => 0,
        };

    /// <summary>
    /// Pixels of the shorter side below which pictures are enlarged for the model; 0 where it takes them as they are, or takes none.
    /// </summary>
    public int InputSide => ImageRunnerOf(_task)?.InputSide ?? 0;

    /// <summary>Tokens that one input of a text model holds beside the marks that the model adds; 0 for others.</summary>
    public int MaxTokens => TextEncoderOf(_task) is { } encoder ? encoder.MaxTokens - encoder.Tokenizer.SpecialTokenCount() : 0;

    /// <summary>Tokens of a text without the marks that the model adds around its input; 0 for a model that takes no text.</summary>
    public int CountTokens(ReadOnlySpan<char> text) => TextEncoderOf(_task)?.Tokenizer.CountTokens(text, addSpecialTokens: false) ?? 0;

    private static TextEncoder? TextEncoderOf(IDisposable? task) =>
        task switch
        {
            TextEmbedder t => t.Encoder,
            EntityRecognizer t => t.Encoder,
            TextClassifier t => t.Encoder,
            CrossEncoder t => t.Encoder,
            TextImageEmbedder t => t.Texts.Encoder,
            _ => null,
        };
}
