namespace Serverless.Inference;

public enum ModelTask { TextEmbedding, TokenClassification, ImageClassification, ImageEmbedding }
