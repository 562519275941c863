using Serverless.Vectors;

namespace Serverless.Ingest.Analyzers;

/// <summary>What of an asset belongs into one space.</summary>
public sealed record SpaceVectors(VectorSpace Space, IReadOnlyList<VectorEntry> Entries);

/// <summary>One vector and the space that it belongs into.</summary>
public sealed record SpaceVector(VectorSpace Space, float[] Vector);
