using System.Text;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// The lines of one history: a file that only grows, by compare-and-swap, and is laid aside whole when it is full. A line is added
/// once, however many try.
/// </summary>
internal sealed class HistoryFile(
    IObjectStore store,
    string environment,
    string name,
    TimeProvider time,
    int maxBytes = HistoryFile.MaxBytes
)
{
    /// <summary>About 1,500 records; each move writes the file anew.</summary>
    private const int MaxBytes = 1 << 20;

    private const int MaxReadBytes = 2 * MaxBytes;
    private const string ContentType = "application/x-ndjson";

    private static readonly DocumentFormat<byte[]> Bytes = new(ContentType, BinaryData.FromBytes, data => data.ToArray());

    private readonly StoredDocument<byte[]> _newest = new(store, RegistryLayout.History(environment, name), MaxReadBytes, time, Bytes);
    private readonly string _parts = RegistryLayout.HistoryParts(environment, name);

    public async Task<List<string>> ReadLinesAsync(CancellationToken cancellationToken)
    {
        List<string> lines = [];
        List<string> laidAside = [];
        await foreach (StoredObject part in store.ListAsync(_parts, cancellationToken))
        {
            laidAside.Add(part.Path);
        }
        laidAside.Sort(StringComparer.Ordinal);
        foreach (string part in laidAside)
        {
            if (await store.ReadAsync(part, MaxReadBytes, cancellationToken) is { } content)
            {
                lines.AddRange(Split(content.Data.ToArray()));
            }
        }
        if (await _newest.ReadAsync(cancellationToken) is not { } stored)
        {
            return lines;
        }
        string[] current = Split(stored.Value);
        // A file that was laid aside and not yet begun anew is there twice.
        if (current.Length > 0 && lines.LastIndexOf(current[0]) is var at and >= 0)
        {
            lines.RemoveRange(at, lines.Count - at);
        }
        lines.AddRange(current);
        return lines;
    }

    public Task AppendAsync(HistoryRecord record, CancellationToken cancellationToken) =>
        _newest.UpdateAsync((stored, token) => AddAsync(stored?.Value ?? [], record.Line(), token), cancellationToken);

    /// <summary>Null where the line is there already.</summary>
    private async ValueTask<byte[]?> AddAsync(byte[] before, string line, CancellationToken cancellationToken)
    {
        if (Holds(before, line))
        {
            return null;
        }
        bool isFull = before.Length > maxBytes;
        if (isFull)
        {
            await LayAsideAsync(before, cancellationToken);
        }
        return [.. isFull ? [] : before, .. Encoding.UTF8.GetBytes(line + "\n")];
    }

    /// <summary>
    /// A full file gets no more lines: one that was laid aside before, by whoever broke off then or is at it now, is the same.
    /// </summary>
    private async Task LayAsideAsync(byte[] full, CancellationToken cancellationToken)
    {
        long first = HistoryRecord.Parse(Split(full)[0])?.Sequence ?? 0;
        await new StoredDocument<byte[]>(store, $"{_parts}{first:D10}.jsonl", MaxReadBytes, time, Bytes).CreateAsync(
            full,
            cancellationToken
        );
    }

    private static bool Holds(ReadOnlySpan<byte> content, string line)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(line + "\n");
        int at = content.LastIndexOf(wanted);
        return at == 0 || (at > 0 && content[at - 1] == '\n');
    }

    private static string[] Split(byte[] lines) => Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
