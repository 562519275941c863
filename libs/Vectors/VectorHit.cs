namespace Serverless.Vectors;

/// <summary>A found place. Score is the cosine of the angle to the query, from -1 to 1.</summary>
public sealed record VectorHit(string Asset, string Version, DateTimeOffset Modified, string Kind, string Place, string Text, float Score);
