namespace Serverless.Packages;

/// <summary>What a model is for, told from its package; Tensors where the package does not say: it answers raw tensors only.</summary>
public enum ModelTask
{
    TextEmbedding,
    TokenClassification,
    ImageClassification,
    ImageEmbedding,
    TextClassification,
    Reranking,
    ObjectDetection,

    /// <summary>Texts and images in one space: two graphs, as exporters write CLIP.</summary>
    TextImageEmbedding,
    Tensors,
}
