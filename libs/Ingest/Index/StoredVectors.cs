using Serverless.Ingest.Analyzers;
using Serverless.Storage;
using Serverless.Vectors;

namespace Serverless.Ingest.Index;

/// <summary>The vectors that lie beside an analysis, as far as they are searched. Thread-safe.</summary>
public sealed class StoredVectors(AssetStores stores, RecentVectors? recent = null)
{
    /// <summary>Null where the analysis has none of the space.</summary>
    public async Task<AssetVectors?> FindAsync(AssetSource source, VectorSpace space, CancellationToken cancellationToken)
    {
        string path = AnalysisWriter.PathOfVectors(source, space);
        if (recent?.Take(source.Store, path) is { } written)
        {
            return Searched(written);
        }
        try
        {
            return Searched(await AnalysisWriter.ReadVectorsAsync(stores[source.Store], path, space, cancellationToken));
        }
        catch (ObjectMissingException)
        {
            return null;
        }
    }

    private static AssetVectors Searched(AssetVectors batch) =>
        batch with
        {
            Entries = [.. batch.Entries.Where(entry => entry.Kind != EntryKind.Document)],
        };
}
