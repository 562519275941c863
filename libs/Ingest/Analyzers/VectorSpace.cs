using Serverless.Inference;
using Serverless.Packages;

namespace Serverless.Ingest.Analyzers;

/// <summary>Vectors of one model; those of another, or of another version of it, are never compared with them.</summary>
/// <param name="Name">Safe as a path segment.</param>
public sealed record VectorSpace(string Name, int Dimensions)
{
    private const int DigestCharacters = 12;

    public static VectorSpace Of(ModelReference model, int dimensions)
    {
        string digest = model.Digest[(model.Digest.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return new VectorSpace($"{model.Name}-{model.Version}-{digest[..Math.Min(DigestCharacters, digest.Length)]}", dimensions);
    }
}
