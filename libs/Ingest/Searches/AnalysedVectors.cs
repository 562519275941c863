using System.Numerics.Tensors;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Media;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Searches;

/// <summary>The vectors that lie beside an analysis, as a question for what is like it: no model is asked. Thread-safe.</summary>
public sealed class AnalysedVectors(AssetStores stores, ServingSpaces spaces)
{
    /// <summary>Of a text by what it means, of a picture or film by how it looks.</summary>
    public static ModelRole RoleOf(MediaKind kind) => kind == MediaKind.Text ? ModelRole.TextEmbedding : ModelRole.ImageEmbedding;

    /// <summary>
    /// The vector of a place, or of the whole: that of the text, of the picture, or the mean of the shots. Null where there is none in the
    /// space that searches ask.
    /// </summary>
    public async Task<QueryVector?> FindAsync(AssetSource source, MediaKind kind, string? place, CancellationToken cancellationToken)
    {
        ServingSpace? serving = await spaces.FindAsync(RoleOf(kind), cancellationToken);
        if (serving is null)
        {
            return null;
        }
        VectorSpace space = serving.Serving.ToSpace();
        try
        {
            string path = AnalysisWriter.PathOfVectors(source, space);
            AssetVectors vectors = await AnalysisWriter.ReadVectorsAsync(stores[source.Store], path, space, cancellationToken);
            return Choose(vectors.Entries, kind, place) is { } chosen ? new QueryVector(space.Name, chosen) : null;
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    private static float[]? Choose(IReadOnlyList<VectorEntry> entries, MediaKind kind, string? place)
    {
        VectorEntry[] chosen =
        [
            .. place is not null ? entries.Where(entry => entry.Kind != EntryKind.Document && entry.Place == place)
            : kind == MediaKind.Text ? entries.Where(entry => entry.Kind == EntryKind.Document)
            : entries,
        ];
        if (chosen.Length == 0)
        {
            return null;
        }
        float[] sum = new float[chosen[0].Vector.Length];
        foreach (VectorEntry entry in chosen)
        {
            TensorPrimitives.Add(sum, entry.Vector.Span, sum);
        }
        return sum;
    }
}
