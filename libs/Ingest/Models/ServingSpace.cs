using Serverless.Ingest.Analyzers;

namespace Serverless.Ingest.Models;

/// <summary>A version of an embedding model and the space of its vectors.</summary>
public sealed record EmbeddingVersion(string Model, int Version, string Space, int Dimensions)
{
    public VectorSpace ToSpace() => new(Space, Dimensions);
}

/// <summary>
/// The document <c>registry/spaces/{environment}/{role}.json</c>: by which version's vectors searches are answered. It follows the alias of
/// the role's first model, be it the same model or another, once that version's space holds what the one before holds.
/// </summary>
/// <param name="Previous">The one before, which is written to until <paramref name="PreviousUntil"/>.</param>
public sealed record ServingSpace(
    EmbeddingVersion Serving,
    DateTimeOffset Since,
    EmbeddingVersion? Previous = null,
    DateTimeOffset? PreviousUntil = null
)
{
    /// <summary>The versions that every text or picture is embedded by, whatever the rollout chooses for it.</summary>
    public IEnumerable<EmbeddingVersion> Kept(DateTimeOffset now) =>
        Previous is { } previous && now < PreviousUntil ? [Serving, previous] : [Serving];

    /// <summary>Turned to another version, with the one before kept for the grace.</summary>
    public ServingSpace Turn(EmbeddingVersion next, DateTimeOffset now, TimeSpan grace) => new(next, now, Serving, now + grace);
}
