using System.Text;
using System.Text.Json;

namespace Serverless.Local.Stack.Backups;

/// <summary>
/// Copies the buckets of the S3 server, each as of one moment, while it works: a journal says which file each object is in, and a file
/// never changes. Uploads in parts that were not completed are left out; who makes them is refused and begins anew.
/// </summary>
internal static class S3Copy
{
    private const string Entry = "s3";
    private const string Journal = "journal.jsonl";

    // Each finds the files of what was written or deleted while the one before copied.
    private const int MaxRounds = 20;

    public static async Task<string> WriteAsync(string data, BackupWriter writer, CancellationToken cancellationToken)
    {
        int objects = 0;
        string[] buckets = Directory.Exists(Path.Combine(data, Entry)) ? Directory.GetDirectories(Path.Combine(data, Entry)) : [];
        foreach (string bucket in buckets)
        {
            objects += await CopyBucketAsync(bucket, $"{Entry}/{Path.GetFileName(bucket)}", writer, cancellationToken);
        }
        return $"{objects} objects";
    }

    private static async Task<int> CopyBucketAsync(string bucket, string name, BackupWriter writer, CancellationToken cancellationToken)
    {
        string journal = Path.Combine(bucket, Journal);
        HashSet<string> copied = [];
        for (int round = 0; round < MaxRounds; round++)
        {
            Dictionary<string, ObjectLine> objects = await ReadAsync(journal, cancellationToken);
            bool isWhole = true;
            foreach (ObjectLine found in objects.Values.Where(found => !copied.Contains(found.File)))
            {
                try
                {
                    await writer.CopyAsync(Path.Combine(bucket, found.File), $"{name}/{found.File}", found.Size, cancellationToken);
                    copied.Add(found.File);
                }
                catch (FileNotFoundException)
                {
                    // Overwritten or deleted since: a later line of the journal says so.
                    isWhole = false;
                }
            }
            if (isWhole)
            {
                foreach (string old in copied.Except(objects.Values.Select(found => found.File)).ToArray())
                {
                    writer.Remove($"{name}/{old}");
                }
                byte[] lines = Encoding.UTF8.GetBytes(string.Concat(objects.Values.Select(found => found.Line + "\n")));
                await writer.WriteAsync(lines, $"{name}/{Journal}", cancellationToken);
                return objects.Count;
            }
        }
        throw new StackException($"{bucket} changed at each of {MaxRounds} readings; try again when less is written.");
    }

    /// <summary>Of each key what its last line says.</summary>
    private static async Task<Dictionary<string, ObjectLine>> ReadAsync(string journal, CancellationToken cancellationToken)
    {
        string[] lines = (await ReadWholeLinesAsync(journal, cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Dictionary<string, ObjectLine> objects = new(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
        {
            try
            {
                using JsonDocument line = JsonDocument.Parse(lines[i]);
                string key = line.RootElement.GetProperty("key").GetString()!;
                objects.Remove(key);
                if (line.RootElement.TryGetProperty("file", out JsonElement file))
                {
                    objects.Add(key, new ObjectLine(file.GetString()!, line.RootElement.GetProperty("size").GetInt64(), lines[i]));
                }
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
            {
                throw new StackException($"{journal} is damaged in line {i + 1}: {e.Message}");
            }
        }
        return objects;
    }

    /// <summary>Without a line that is being written.</summary>
    private static async Task<string> ReadWholeLinesAsync(string journal, CancellationToken cancellationToken)
    {
        if (!File.Exists(journal))
        {
            return "";
        }
        await using FileStream file = new(journal, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using StreamReader reader = new(file, Encoding.UTF8);
        string text = await reader.ReadToEndAsync(cancellationToken);
        return text[..(text.LastIndexOf('\n') + 1)];
    }

    /// <param name="Line">As it stands in the journal.</param>
    private readonly record struct ObjectLine(string File, long Size, string Line);
}
