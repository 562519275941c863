namespace Serverless.Inference;

public readonly record struct LabelScore(string Label, float Score);
