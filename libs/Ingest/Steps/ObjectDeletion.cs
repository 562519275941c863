using Serverless.Storage;

namespace Serverless.Ingest.Steps;

internal static class ObjectDeletion
{
    private const int ParallelDeletes = 8;

    /// <summary>Deletes whatever a listing of the prefix shows.</summary>
    public static Task DeleteAllAsync(this IObjectStore store, string prefix, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            store.ListAsync(prefix, cancellationToken),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelDeletes, CancellationToken = cancellationToken },
            async (found, token) => await store.DeleteAsync(found.Path, token)
        );
}
