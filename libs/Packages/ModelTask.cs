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
    Tensors,
}
