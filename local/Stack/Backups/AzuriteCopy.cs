using System.Text;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;

namespace Serverless.Local.Stack.Backups;

/// <summary>
/// Copies what Azurite keeps, blobs and queues each as of one moment, while it works. It holds all that it knows in memory and saves it
/// every five seconds to one file a service, which says where in which extent (a file that only grows) each content lies. ETags stay as
/// they are, which copies over HTTP would change, and with them the version of every upload.
/// </summary>
internal static class AzuriteCopy
{
    private const string Stores = "azurite";
    private const string Registry = "registry";
    private const string MarkName = "backup-mark";
    private const string TableFile = "__azurite_db_table__.json";

    // Azurite removes extents that nothing refers to; what is read anew refers to none of those.
    private const int MaxRounds = 5;

    private static readonly Service[] Services =
    [
        new("__azurite_db_blob__.json", "__azurite_db_blob_extent__.json", "__blobstorage__"),
        new("__azurite_db_queue__.json", "__azurite_db_queue_extent__.json", "__queuestorage__"),
    ];

    // A save each five seconds; many times that, on a machine that is busy.
    private static readonly TimeSpan SavedWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <param name="connection">How a running Azurite is reached; null where it is stopped, and everything is saved.</param>
    /// <param name="mark">Unique to this backup: what is saved with it was confirmed before now, or shortly after.</param>
    public static async Task<string> WriteAsync(
        string data,
        string? connection,
        string mark,
        BackupWriter writer,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        string folder = FolderOf(data, Stores);
        if (connection is not null)
        {
            await MarkBlobsAsync(connection, mark, cancellationToken);
            await MarkQueuesAsync(connection, mark, cancellationToken);
        }
        int extents = 0;
        foreach (Service service in Services)
        {
            extents += await CopyAsync(service, folder, connection is null ? null : mark, writer, time, cancellationToken);
        }
        if (File.Exists(Path.Combine(folder, TableFile)))
        {
            await writer.CopyAsync(Path.Combine(folder, TableFile), $"{Stores}/{TableFile}", null, cancellationToken);
        }
        return $"{extents} extents of blobs and messages";
    }

    /// <summary>Of the registry between separate environments, which has blobs alone.</summary>
    public static async Task<string> WriteRegistryAsync(
        string data,
        string? connection,
        string mark,
        BackupWriter writer,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        string folder = FolderOf(data, Registry);
        if (connection is not null)
        {
            await MarkBlobsAsync(connection, mark, cancellationToken);
        }
        int extents = await CopyAsync(Services[0], folder, connection is null ? null : mark, writer, time, cancellationToken);
        return $"{extents} extents of versions";
    }

    private static string FolderOf(string data, string entry) =>
        Path.Combine(data, entry) is var folder && Directory.Exists(folder)
            ? folder
            : throw new StackException($"{data} holds no data of a stack: {entry} is missing.");

    /// <summary>Leaves something that the service's next save shows.</summary>
    private static Task MarkBlobsAsync(string connection, string mark, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            BlobContainerClient container = new(connection, MarkName);
            await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await container.SetMetadataAsync(MarkOf(mark), cancellationToken: cancellationToken);
        });

    private static Task MarkQueuesAsync(string connection, string mark, CancellationToken cancellationToken) =>
        AskAsync(async () =>
        {
            QueueClient queue = new(connection, MarkName);
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await queue.SetMetadataAsync(MarkOf(mark), cancellationToken);
        });

    private static Dictionary<string, string> MarkOf(string mark) => new() { ["mark"] = mark };

    private static async Task AskAsync(Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            throw new StackException($"Azurite cannot be asked: {e.GetBaseException().Message.Split('\n')[0]}");
        }
    }

    private static async Task<int> CopyAsync(
        Service service,
        string folder,
        string? mark,
        BackupWriter writer,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        string entry = Path.GetFileName(folder);
        for (int round = 0; ; round++)
        {
            byte[] index = await SavedAsync(
                Path.Combine(folder, service.Index),
                saved => mark is null || saved.AsSpan().IndexOf(Encoding.UTF8.GetBytes(mark)) >= 0,
                time,
                cancellationToken
            );
            Dictionary<string, long> needed = ReferencesOf(index, service.Index);
            // Saved by itself, and perhaps before: it must know each extent that is referred to.
            byte[] extents = await SavedAsync(
                Path.Combine(folder, service.Extents),
                saved => needed.Keys.All(KnownTo(saved, service.Extents).Contains),
                time,
                cancellationToken
            );
            try
            {
                foreach ((string extent, long length) in needed)
                {
                    string name = $"{service.Folder}/{extent}";
                    await writer.CopyAsync(Path.Combine(folder, name), $"{entry}/{name}", length, cancellationToken);
                }
            }
            catch (Exception e) when (e is FileNotFoundException or InvalidDataException)
            {
                if (mark is null || round == MaxRounds)
                {
                    throw new StackException($"Azurite's data is damaged: {e.Message}");
                }
                continue;
            }
            await writer.WriteAsync(index, $"{entry}/{service.Index}", cancellationToken);
            await writer.WriteAsync(extents, $"{entry}/{service.Extents}", cancellationToken);
            return needed.Count;
        }
    }

    /// <summary>A file as it was saved last, once that holds; a save replaces it whole.</summary>
    private static async Task<byte[]> SavedAsync(
        string path,
        Predicate<byte[]> holds,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        long started = time.GetTimestamp();
        while (true)
        {
            if (File.Exists(path))
            {
                byte[] saved = await File.ReadAllBytesAsync(path, cancellationToken);
                if (holds(saved))
                {
                    return saved;
                }
            }
            if (time.GetElapsedTime(started) > SavedWithin)
            {
                throw new StackException(
                    $"Azurite did not save what it was told to {path} within {SavedWithin.TotalSeconds:0} s: is it the one that "
                        + "works there?"
                );
            }
            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    /// <summary>The extents that an index refers to, each with the bytes that it must have at least.</summary>
    private static Dictionary<string, long> ReferencesOf(byte[] index, string name)
    {
        Dictionary<string, long> needed = new(StringComparer.Ordinal);
        using JsonDocument document = Parse(index, name);
        Collect(document.RootElement);
        return needed;

        void Collect(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Array:
                    foreach (JsonElement item in element.EnumerateArray())
                    {
                        Collect(item);
                    }
                    break;
                case JsonValueKind.Object when IsReference(element, out string? extent, out long end):
                    // Nothing is read of what has no bytes, nor of the extent of zeros, which is no file.
                    if (end > 0 && !extent.Contains('*', StringComparison.Ordinal))
                    {
                        needed[extent] = Math.Max(end, needed.GetValueOrDefault(extent));
                    }
                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty member in element.EnumerateObject())
                    {
                        Collect(member.Value);
                    }
                    break;
            }
        }
    }

    private static bool IsReference(JsonElement element, out string extent, out long end)
    {
        (extent, end) = ("", 0);
        if (
            !element.TryGetProperty("id", out JsonElement id)
            || id.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("offset", out JsonElement offset)
            || offset.ValueKind != JsonValueKind.Number
            || !element.TryGetProperty("count", out JsonElement count)
            || count.ValueKind != JsonValueKind.Number
        )
        {
            return false;
        }
        (extent, end) = (id.GetString()!, count.GetInt64() == 0 ? 0 : offset.GetInt64() + count.GetInt64());
        return true;
    }

    private static HashSet<string> KnownTo(byte[] extents, string name)
    {
        using JsonDocument document = Parse(extents, name);
        return
        [
            .. document
                .RootElement.GetProperty("collections")
                .EnumerateArray()
                .SelectMany(collection => collection.GetProperty("data").EnumerateArray())
                .Select(extent => extent.GetProperty("id").GetString()!),
        ];
    }

    private static JsonDocument Parse(byte[] json, string name)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new StackException($"Azurite's file {name} is damaged: {e.Message}");
        }
    }

    private readonly record struct Service(string Index, string Extents, string Folder);
}
