using System.Text;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// The lines of one history: a file that only grows, by compare-and-swap, and is laid aside whole when it is full. A line is added
/// once, however many try.
/// </summary>
internal sealed class HistoryFile(IObjectStore store, string environment, string name, int maxBytes = HistoryFile.MaxBytes)
{
    /// <summary>About 1,500 records; each move writes the file anew.</summary>
    private const int MaxBytes = 1 << 20;

    private const int MaxReadBytes = 2 * MaxBytes;
    private const string ContentType = "application/x-ndjson";

    private readonly string path = RegistryLayout.History(environment, name);
    private readonly string parts = RegistryLayout.HistoryParts(environment, name);

    public async Task<List<string>> ReadLinesAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        List<string> laidAside = [];
        await foreach (StoredObject part in store.ListAsync(parts, cancellationToken))
            laidAside.Add(part.Path);
        laidAside.Sort(StringComparer.Ordinal);
        foreach (string part in laidAside)
            if (await store.ReadAsync(part, MaxReadBytes, cancellationToken) is { } content)
                lines.AddRange(Split(content.Data));
        if (await store.ReadAsync(path, MaxReadBytes, cancellationToken) is not { } current)
            return lines;
        string[] newest = Split(current.Data);
        // A file that was laid aside and not yet begun anew is there twice.
        if (newest.Length > 0 && lines.LastIndexOf(newest[0]) is var at and >= 0)
            lines.RemoveRange(at, lines.Count - at);
        lines.AddRange(newest);
        return lines;
    }

    public async Task AppendAsync(HistoryRecord record, CancellationToken cancellationToken)
    {
        string line = record.Line();
        while (true)
        {
            ObjectContent? current = await store.ReadAsync(path, MaxReadBytes, cancellationToken);
            byte[] before = current?.Data.ToArray() ?? [];
            if (Holds(before, line))
                return;
            bool isFull = before.Length > maxBytes;
            if (isFull)
                await LayAsideAsync(before, cancellationToken);
            byte[] after = [.. isFull ? [] : before, .. Encoding.UTF8.GetBytes(line + "\n")];
            try
            {
                await WriteAsync(path, after, current is null ? WriteCondition.IfAbsent : WriteCondition.IfMatch(current.Object.Version), cancellationToken);
                return;
            }
            catch (ObjectConflictException)
            {
                // Somebody else added a record, which may have been this one.
            }
        }
    }

    private async Task LayAsideAsync(byte[] full, CancellationToken cancellationToken)
    {
        long first = HistoryRecord.Parse(Split(new BinaryData(full))[0])?.Sequence ?? 0;
        try
        {
            await WriteAsync($"{parts}{first:D10}.jsonl", full, WriteCondition.IfAbsent, cancellationToken);
        }
        catch (ObjectConflictException)
        {
            // Laid aside before, by whoever broke off then or is at it now: a full file gets no more lines, so it is the same.
        }
    }

    private async Task WriteAsync(string target, byte[] bytes, WriteCondition condition, CancellationToken cancellationToken)
    {
        using MemoryStream body = new(bytes);
        await store.WriteAsync(target, body, condition, ContentType, cancellationToken);
    }

    private static bool Holds(ReadOnlySpan<byte> content, string line)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(line + "\n");
        int at = content.LastIndexOf(wanted);
        return at == 0 || (at > 0 && content[at - 1] == '\n');
    }

    private static string[] Split(BinaryData data) => data.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
