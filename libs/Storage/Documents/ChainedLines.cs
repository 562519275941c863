namespace Serverless.Storage;

/// <summary>
/// Lines of which each follows from the one before, written by many. The last line is an object of its own, the head. A change is one
/// compare-and-swap of the head, and is true from then on; the line in the file follows. Whoever changes the head next first writes the
/// line that is there, so that a crash between the two loses none, and at most the last line is ever missing from the file, which readers
/// take from the head. Thread-safe and cheap to construct.
/// </summary>
/// <param name="head">The path of the head; no two lines may be equal.</param>
public sealed class ChainedLines(IObjectStore store, string head, LineFile file, TimeProvider time)
{
    private const int MaxHeadBytes = 64 << 10;

    private static readonly DocumentFormat<string> Line = new(StoredJson.ContentType, BinaryData.FromString, data => data.ToString());

    private readonly StoredDocument<string> _head = new(store, head, MaxHeadBytes, time, Line) { WritesAreUnique = true };

    public LineFile File => file;

    public async Task<ChainHead?> FindHeadAsync(CancellationToken cancellationToken) => HeadOf(await _head.ReadAsync(cancellationToken));

    /// <summary>The head and the file, read at once, for a change that is to be made soon.</summary>
    public async Task<ChainStart> LookAsync(CancellationToken cancellationToken)
    {
        Task<Stored<byte[]>?> lines = file.ReadNewestBytesAsync(cancellationToken);
        Task<Stored<string>?> stored = _head.ReadAsync(cancellationToken);
        await Task.WhenAll(lines, stored);
        return new(await stored, await lines);
    }

    /// <summary>Adds what <paramref name="next"/> makes of the line that is there, and waits until the file holds it.</summary>
    /// <exception cref="DocumentContendedException">Others were faster each time.</exception>
    public async Task<ChainEnd> AppendAsync(Func<ChainHead?, string> next, CancellationToken cancellationToken) =>
        await (await ChangeAsync(next, await LookAsync(cancellationToken), cancellationToken)).InFile;

    /// <summary>
    /// Adds what <paramref name="next"/> makes of the line that is there; it is asked again after each lost race. Returns when the line is
    /// true, which is before the file holds it.
    /// </summary>
    /// <param name="start">What was seen last: where nobody else wrote since, nothing is read.</param>
    /// <exception cref="DocumentContendedException">Others were faster each time.</exception>
    public async Task<ChainChange> ChangeAsync(Func<ChainHead?, string> next, ChainStart start, CancellationToken cancellationToken)
    {
        ChainEnd? before = null;
        Stored<string>? written = await _head.UpdateAsync(
            async (stored, token) =>
            {
                string line = next(HeadOf(stored));
                before = stored is null ? null : new(stored, await HoldAsync(stored, start, token));
                return line;
            },
            cancellationToken,
            new(start.Stored)
        );
        return new(HeadOf(written)!, FollowAsync(before, written!, cancellationToken));
    }

    /// <summary>The file, once it holds the line before the one that is to come.</summary>
    private async Task<Stored<byte[]>> HoldAsync(Stored<string> before, ChainStart start, CancellationToken cancellationToken) =>
        before == start.Stored && start.Lines is { } lines && LineFile.HasTaken(lines.Value, before.Value)
            ? lines
            : await file.AppendAsync([before.Value], cancellationToken);

    private async Task<ChainEnd> FollowAsync(ChainEnd? before, Stored<string> written, CancellationToken cancellationToken)
    {
        // The line before once more: a store that lost what it had acknowledged does not hold it.
        string[] lines = before is null ? [written.Value] : [before.Stored.Value, written.Value];
        return new(written, await file.AppendAsync(lines, cancellationToken, before is null ? null : new(before.Lines)));
    }

    /// <summary>
    /// All lines of some moment, the oldest first, with the last from the head where it is not in the file; and the line of the head then.
    /// However many are added meanwhile, it takes one reading: the file only grows, and is at most one line behind its head.
    /// </summary>
    /// <exception cref="DocumentContendedException">The file was full and laid aside again and again.</exception>
    public async Task<(List<string> Lines, string? Head)> ReadAsync(CancellationToken cancellationToken)
    {
        string? head = (await FindHeadAsync(cancellationToken))?.Line;
        List<string> lines = await file.ReadLinesAsync(cancellationToken);
        long last = SequenceOf(lines is [.., var newest] ? newest : null);
        if (last > SequenceOf(head))
        {
            head = (await FindHeadAsync(cancellationToken))?.Line;
            // One behind its file was put back by other means; one before it belongs to lines that came since.
            head = SequenceOf(head) > last ? lines[^1] : head;
        }
        else if (head is not null && SequenceOf(head) == last + 1)
        {
            lines.Add(head);
        }
        return (lines, head);
    }

    private static long SequenceOf(string? line) => line is null ? 0 : LineFile.SequenceOf(line);

    private static ChainHead? HeadOf(Stored<string>? stored) => stored is null ? null : new(stored.Value, stored.Tag);
}

/// <summary>The last line, and the ETag by which it is swapped.</summary>
public sealed record ChainHead(string Line, string Tag);

/// <summary>The head and the file behind it as an append left them.</summary>
public sealed record ChainEnd(Stored<string> Stored, Stored<byte[]> Lines)
{
    public ChainStart ToStart() => new(Stored, Lines);
}

/// <summary>The head and the file as somebody saw them; null what was not there, or is not known.</summary>
public sealed record ChainStart(Stored<string>? Stored, Stored<byte[]>? Lines)
{
    public ChainHead? Head { get; } = Stored is null ? null : new(Stored.Value, Stored.Tag);
}

/// <summary>A line that is true.</summary>
/// <param name="InFile">Ends when the file holds it too. Where it fails, whoever adds the next line mends that.</param>
public sealed record ChainChange(ChainHead Head, Task<ChainEnd> InFile);
