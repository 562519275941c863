namespace Serverless.Storage;

internal static class ListedObjects
{
    /// <summary>
    /// An object as a listing shows it, for a key that no request can name. Stores list in the order of the keys, so the first that begins
    /// with a key is the one of that key, if there is one.
    /// </summary>
    public static async Task<StoredObject?> FindListedAsync(this IObjectStore store, string path, CancellationToken cancellationToken)
    {
        await foreach (StoredObject first in store.ListAsync(path, cancellationToken))
        {
            return first.Path == path ? first : null;
        }
        return null;
    }
}
