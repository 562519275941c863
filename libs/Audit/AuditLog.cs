using Serverless.Storage;

namespace Serverless.Audit;

/// <summary>
/// Who did what, when and why: append-only and hash-chained, one log for all processes. An act is written before it begins, so that none
/// goes unlogged. Lives as long as the process; thread-safe.
/// </summary>
public sealed class AuditLog : IDisposable, IAsyncDisposable
{
    private const int MaxText = 500;

    private readonly string _head;
    private readonly ChainedLines _lines;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _one = new(1); // writers of one process take turns instead of losing races
    private Task<ChainEnd?> _last = Task.FromResult<ChainEnd?>(null); // of the writer whose turn it is; null where it is not known

    /// <param name="folder">Where in the store it lies.</param>
    /// <param name="maxFileBytes">About 500 records; each writes the file anew.</param>
    public AuditLog(IObjectStore store, TimeProvider time, string folder = "audit", int maxFileBytes = 256 << 10)
    {
        (_time, _head) = (time, $"{folder}/head.json");
        _lines = new ChainedLines(store, _head, new LineFile(store, $"{folder}/log.jsonl", $"{folder}/parts/", time, maxFileBytes), time);
    }

    /// <summary>Writes that an act is asked for.</summary>
    /// <param name="act">The name of the function that does it.</param>
    /// <param name="target">Cut after 500 characters, as <paramref name="why"/> is.</param>
    /// <returns>The number by which its outcome is told.</returns>
    /// <exception cref="AuditException">The log is not as it was written; it takes no more.</exception>
    public async Task<long> BeginAsync(
        string act,
        string target,
        string? by,
        string? byId,
        string? why,
        CancellationToken cancellationToken
    ) =>
        (
            await AppendAsync(
                Draft(AuditEvent.Asked) with
                {
                    Act = act,
                    Target = Cut(target),
                    By = by,
                    ById = byId,
                    Why = Cut(why),
                },
                cancellationToken
            )
        )
            .Record
            .Sequence;

    /// <summary>Writes what came of it.</summary>
    /// <param name="status">As HTTP counts them.</param>
    public Task EndAsync(long begun, int status, CancellationToken cancellationToken) =>
        AppendAsync(Draft(AuditEvent.Ended) with { Of = begun, Status = status }, cancellationToken);

    /// <summary>
    /// Takes the oldest file of records away if all of them are older. That is written first, with the hash of the last of them, so that
    /// the chain of those that stay has its beginning in the log itself.
    /// </summary>
    /// <returns>Whether one was taken away.</returns>
    /// <exception cref="AuditException">It is not as it was written; it stays.</exception>
    public async Task<bool> CutAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        if ((await _lines.File.ListPartsAsync(cancellationToken)) is not [var oldest, ..])
        {
            return false;
        }
        IReadOnlyList<string> lines = await _lines.File.ReadPartAsync(oldest, cancellationToken);
        AuditRecord last = (lines.Count > 0 ? AuditRecord.Parse(lines[^1]) : null)
            ?? throw new AuditException($"Object '{oldest.Path}' is not as it was written; it is not taken away.");
        if (last.At >= before)
        {
            return false;
        }
        AuditRecord cut = Draft(AuditEvent.Cut) with { Of = last.Sequence, CutHash = last.Hash };
        if (await (await AppendAsync(cut, cancellationToken)).InFile is null)
        {
            return false; // who reads the files would miss the records and not find the cut
        }
        await _lines.File.RemovePartAsync(oldest, cancellationToken);
        return true;
    }

    /// <summary>Some acts, the latest first.</summary>
    public Task<AuditPage> ListAsync(AuditFilter filter, int limit, CancellationToken cancellationToken) =>
        new AuditReader(_lines).ReadAsync(filter, limit, cancellationToken);

    /// <summary>Whether every record is as it was written, and none is missing.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancellationToken)
    {
        (List<string> lines, string? head) = await _lines.ReadAsync(cancellationToken);
        return AuditChain.Verify(lines, head);
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Waits until the file holds all that was written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _last;
        Dispose();
    }

    /// <summary>
    /// Returns once the record is true, as the head of the log; the file behind it follows while the act is done. The next record waits for
    /// that, and whoever writes it after a crash writes both.
    /// </summary>
    private async Task<Appended> AppendAsync(AuditRecord draft, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            ChainEnd? earlier = await _last;
            _last = Task.FromResult<ChainEnd?>(null); // what a change that fails leaves is not known
            ChainStart start = earlier?.ToStart() ?? await _lines.LookAsync(cancellationToken);
            ChainChange change = await _lines.ChangeAsync(
                last => AuditChain.Next(LoadHead(last), draft, _time.GetUtcNow()).Line(),
                start,
                cancellationToken
            );
            _last = InFileAsync(change);
            return new Appended(LoadHead(change.Head)!, _last);
        }
        finally
        {
            _one.Release();
        }
    }

    private static async Task<ChainEnd?> InFileAsync(ChainChange change)
    {
        try
        {
            return await change.InFile;
        }
        catch (Exception)
        {
            return null; // looked at, and mended, by the next record
        }
    }

    private AuditRecord? LoadHead(ChainHead? head) =>
        head is null ? null
        : AuditRecord.Parse(head.Line) is { } record && record.ComputeHash() == record.Hash ? record
        : throw new AuditException($"Object '{_head}' is not as it was written; compare it with the last line of the log beside it.");

    private static AuditRecord Draft(AuditEvent what) =>
        new()
        {
            Sequence = 0,
            At = default,
            Event = what,
            Previous = "",
        };

    private static string? Cut(string? text) => text?.Length > MaxText ? $"{text[..(MaxText - 1)]}…" : text;

    /// <param name="InFile">Null where the file could not be written.</param>
    private sealed record Appended(AuditRecord Record, Task<ChainEnd?> InFile);
}

/// <summary>The log was changed by other means.</summary>
public sealed class AuditException(string message) : Exception(message);
