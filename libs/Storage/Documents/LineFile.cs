using System.Text;
using System.Text.Json;

namespace Serverless.Storage;

/// <summary>
/// Lines that only grow in number: a file that is changed by compare-and-swap, and is laid aside whole when it is full. A line, which is
/// JSON with its sequence number, is added once, however many try.
/// </summary>
/// <param name="parts">The prefix of what was laid aside; each part is named by the sequence number of its first line.</param>
public sealed class LineFile(IObjectStore store, string path, string parts, TimeProvider time, int maxBytes = LineFile.MaxBytes)
{
    /// <summary>About 1,500 records of a model's history; each line writes the file anew.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxReadBytes = 2 * MaxBytes;
    private const int MaxReads = 20;
    private const string ContentType = "application/x-ndjson";

    private static readonly DocumentFormat<byte[]> Bytes = new(ContentType, BinaryData.FromBytes, data => data.ToArray());

    private readonly StoredDocument<byte[]> _newest = new(store, path, MaxReadBytes, time, Bytes);

    /// <summary>All of them, the oldest first.</summary>
    /// <exception cref="DocumentContendedException">The file was laid aside again each time.</exception>
    public async Task<List<string>> ReadLinesAsync(CancellationToken cancellationToken)
    {
        Dictionary<LinePart, IReadOnlyList<string>> read = [];
        IReadOnlyList<LinePart> parts = await ListPartsAsync(cancellationToken);
        for (int tries = 1; tries <= MaxReads; tries++)
        {
            foreach (LinePart part in parts.Where(part => !read.ContainsKey(part)))
            {
                read[part] = await ReadPartAsync(part, cancellationToken);
            }
            List<string> aside = [.. parts.SelectMany(part => read[part])];
            IReadOnlyList<string> current = await ReadNewestAsync(cancellationToken);
            // Where lines between them are missing, the file was laid aside meanwhile, or they are gone.
            IReadOnlyList<LinePart> now = IsGap(aside, current) ? await ListPartsAsync(cancellationToken) : parts;
            if (now.SequenceEqual(parts))
            {
                return Join(aside, current);
            }
            parts = now;
        }
        throw new DocumentContendedException(store.Name, path, MaxReads);
    }

    private static bool IsGap(List<string> aside, IReadOnlyList<string> current) =>
        current is [var first, ..] && SequenceOf(first) > (aside.Count == 0 ? 0 : SequenceOf(aside[^1])) + 1;

    private static List<string> Join(List<string> lines, IReadOnlyList<string> current)
    {
        // A file that was laid aside and not yet begun anew is there twice.
        if (current.Count > 0 && lines.LastIndexOf(current[0]) is var at and >= 0)
        {
            lines.RemoveRange(at, lines.Count - at);
        }
        lines.AddRange(current);
        return lines;
    }

    /// <summary>What was laid aside, the oldest first.</summary>
    public async Task<IReadOnlyList<LinePart>> ListPartsAsync(CancellationToken cancellationToken)
    {
        List<LinePart> found = [];
        await foreach (StoredObject part in store.ListAsync(parts, cancellationToken))
        {
            found.Add(new LinePart(part.Path, long.TryParse(Path.GetFileNameWithoutExtension(part.Path), out long first) ? first : 0));
        }
        found.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        return found;
    }

    public async Task<IReadOnlyList<string>> ReadPartAsync(LinePart part, CancellationToken cancellationToken) =>
        await store.ReadAsync(part.Path, MaxReadBytes, cancellationToken) is { } content ? Split(content.Data.ToArray()) : [];

    public Task RemovePartAsync(LinePart part, CancellationToken cancellationToken) => store.DeleteAsync(part.Path, cancellationToken);

    /// <summary>Those that are not laid aside; some of them may be, while that is being done.</summary>
    public async Task<IReadOnlyList<string>> ReadNewestAsync(CancellationToken cancellationToken) =>
        await _newest.ReadAsync(cancellationToken) is { } stored ? Split(stored.Value) : [];

    internal Task<Stored<byte[]>?> ReadNewestBytesAsync(CancellationToken cancellationToken) => _newest.ReadAsync(cancellationToken);

    /// <summary>Whether a line was added to the file with this content, even where it is laid aside since.</summary>
    internal static bool HasTaken(ReadOnlySpan<byte> content, string line) => Holds(content, line) || IsLaidAside(content, line);

    /// <summary>Adds those that are not there.</summary>
    /// <param name="lines">One after the other.</param>
    /// <param name="guess">As for <see cref="StoredDocument{T}"/>: what an earlier call returned, so that it is not read again.</param>
    /// <returns>The lines that are not laid aside, with these.</returns>
    public async Task<Stored<byte[]>> AppendAsync(
        IReadOnlyList<string> lines,
        CancellationToken cancellationToken,
        DocumentGuess<byte[]>? guess = null
    ) => (await _newest.UpdateAsync((stored, token) => AddAsync(stored?.Value ?? [], lines, token), cancellationToken, guess))!;

    /// <summary>Null where all are there already.</summary>
    private async ValueTask<byte[]?> AddAsync(byte[] before, IReadOnlyList<string> lines, CancellationToken cancellationToken)
    {
        string[] lacking = [.. lines.Where(line => !HasTaken(before, line))];
        if (lacking.Length == 0)
        {
            return null;
        }
        bool isFull = before.Length > maxBytes;
        if (isFull)
        {
            await LayAsideAsync(before, cancellationToken);
        }
        return [.. isFull ? [] : before, .. lacking.SelectMany(line => Encoding.UTF8.GetBytes(line + "\n"))];
    }

    /// <summary>Whether the file was begun anew since the line was written.</summary>
    private static bool IsLaidAside(ReadOnlySpan<byte> content, string line) =>
        content.IndexOf((byte)'\n') is var end and >= 0 && SequenceOf(Encoding.UTF8.GetString(content[..end])) > SequenceOf(line);

    /// <summary>
    /// A full file gets no more lines: one that was laid aside before, by whoever broke off then or is at it now, is the same.
    /// </summary>
    private async Task LayAsideAsync(byte[] full, CancellationToken cancellationToken)
    {
        await new StoredDocument<byte[]>(store, $"{parts}{SequenceOf(Split(full)[0]):D10}.jsonl", MaxReadBytes, time, Bytes).CreateAsync(
            full,
            cancellationToken
        );
    }

    internal static long SequenceOf(string line)
    {
        try
        {
            return StoredJson.Read<NumberedLine>(BinaryData.FromString(line)).Sequence;
        }
        catch (JsonException)
        {
            return 0; // it was changed by other means; whoever verifies the lines says so
        }
    }

    private static bool Holds(ReadOnlySpan<byte> content, string line)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(line + "\n");
        int at = content.LastIndexOf(wanted);
        return at == 0 || (at > 0 && content[at - 1] == '\n');
    }

    private static string[] Split(byte[] lines) => Encoding.UTF8.GetString(lines).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private sealed record NumberedLine(long Sequence);
}

/// <param name="First">The sequence number of its first line.</param>
public sealed record LinePart(string Path, long First);
