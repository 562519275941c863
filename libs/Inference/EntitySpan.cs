namespace Serverless.Inference;

/// <summary>A named entity; Start and Length count UTF-16 code units of the text that was given.</summary>
public readonly record struct EntitySpan(int Start, int Length, string Type, float Score);
