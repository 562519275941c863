using Serverless.Inference;
using Serverless.Ingest.Documents;
using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What the models see in one picture, be it an image or a keyframe.</summary>
public sealed record PictureAnalysis(IReadOnlyList<LabelFinding> Labels, string Caption, float[] ImageVector, float[] CaptionVector)
{
    /// <summary>For the space of images.</summary>
    public VectorEntry ImageEntry(string kind, string place) => new(kind, place, Caption, ImageVector);

    /// <summary>For the space of texts, so that words find pictures.</summary>
    public VectorEntry CaptionEntry(string kind, string place) => new(kind, place, Caption, CaptionVector);
}

/// <summary>Pictures → labels and vectors. Thread-safe.</summary>
public sealed class ImageAnalyzer(ImageClassifier classifier, ImageEmbedder embedder, TextAnalyzer texts, AnalysisOptions options)
{
    public VectorSpace Space { get; } = VectorSpace.Of(embedder.Model, embedder.Dimensions);

    /// <summary>Pixels of the shorter side that the models look at; fewer would have to be enlarged.</summary>
    public int InputSide { get; } = Math.Max(classifier.InputSide, embedder.InputSide);

    /// <summary>In which captions are found.</summary>
    public VectorSpace CaptionSpace => texts.Space;

    public IReadOnlyList<ModelUse> Models { get; } =
    [ModelRoles.ImageLabels(classifier.Model), ModelRoles.ImageEmbedding(embedder.Model), texts.EmbeddingModel];

    /// <summary>The results stand in the order of the pictures, which the models take in batches of their own making.</summary>
    public IReadOnlyList<PictureAnalysis> Analyse(IReadOnlyList<RgbImage> pictures, CancellationToken cancellationToken)
    {
        List<LabelFinding>[] labels =
        [
            .. classifier
                .Classify(pictures, options.Labels, cancellationToken)
                .Select(scores => scores.Select(score => new LabelFinding(score.Label, score.Score)).ToList()),
        ];
        float[][] vectors = embedder.Embed(pictures, cancellationToken);
        string[] captions = [.. labels.Select(Caption.Of)];
        IReadOnlyList<float[]> captionVectors = texts.Embed(captions, cancellationToken);
        return [.. pictures.Select((_, i) => new PictureAnalysis(labels[i], captions[i], vectors[i], captionVectors[i]))];
    }

    /// <summary>A vector in the space of images, for a query.</summary>
    public float[] Embed(RgbImage picture, CancellationToken cancellationToken) => embedder.Embed([picture], cancellationToken)[0];
}
