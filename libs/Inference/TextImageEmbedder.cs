using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Turns texts and images into vectors of one space, where a text lies near the pictures that show what it says. Thread-safe; Dispose
/// closes both models where no other has them open.
/// </summary>
public sealed class TextImageEmbedder : IDisposable
{
    /// <exception cref="ModelRejectedException">The model's task is another, or its two graphs give vectors of other sizes.</exception>
    public TextImageEmbedder(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package.Require(ModelTask.TextImageEmbedding);
        Texts = new TextEmbedder(runtime, package, cancellationToken);
        try
        {
            Images = new ImageEmbedder(runtime, package, cancellationToken);
        }
        catch
        {
            Texts.Dispose();
            throw;
        }
        if (Texts.Dimensions != Images.Dimensions)
        {
            Dispose();
            throw package.Graph.Reject($"vectors of {Texts.Dimensions} numbers", $"{Images.Dimensions}, as of the graph for images");
        }
    }

    public TextEmbedder Texts { get; }
    public ImageEmbedder Images { get; }

    public void Dispose()
    {
        Texts.Dispose();
        Images.Dispose();
    }
}
