using System.Text.Json;

namespace Serverless.Storage;

/// <summary>What a list found, and a line about each document that it could not read: that one hides no other.</summary>
public sealed record Listed<T>(IReadOnlyList<T> Items, IReadOnlyList<string> Faults);

public static class ListedDocuments
{
    /// <summary>Whether a document was found and is none of ours any more; all else is a store that did not answer.</summary>
    public static bool IsUnreadable(Exception e) => e is JsonException or ObjectTooLargeException;

    public static string FaultOf(string path) => $"Object '{path}' cannot be read; it was changed by other means than the API.";

    /// <summary>Reads the objects of a listing one after the other, at most so many; one that vanished meanwhile is left out.</summary>
    public static async Task<Listed<T>> ReadAsync<T>(
        IAsyncEnumerable<StoredObject> objects,
        Func<string, CancellationToken, Task<T?>> read,
        int maxItems,
        CancellationToken cancellationToken
    )
        where T : class
    {
        List<T> items = [];
        List<string> faults = [];
        await foreach (StoredObject found in objects.WithCancellation(cancellationToken))
        {
            if (items.Count + faults.Count == maxItems)
            {
                break;
            }
            try
            {
                if (await read(found.Path, cancellationToken) is { } item)
                {
                    items.Add(item);
                }
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                faults.Add(FaultOf(found.Path));
            }
        }
        return new(items, faults);
    }
}
