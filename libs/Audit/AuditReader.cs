using Serverless.Storage;

namespace Serverless.Audit;

/// <summary>Reads the log from its end, so that a page of what is new costs no more when the log grows old. For one page.</summary>
internal sealed class AuditReader(ChainedLines lines)
{
    /// <summary>
    /// An act's outcome stands at most so many records behind it, of acts that began meanwhile; what is further is not found.
    /// </summary>
    private const int MaxApart = 1_000;

    private readonly Dictionary<long, AuditRecord> _outcomes = [];
    private readonly List<AuditedAct> _acts = [];
    private int _faults;

    public async Task<AuditPage> ReadAsync(AuditFilter filter, int limit, CancellationToken cancellationToken)
    {
        ChainHead? head = await lines.FindHeadAsync(cancellationToken);
        IReadOnlyList<string> newest = await lines.File.ReadNewestAsync(cancellationToken);
        // A crash may have kept the last line from the file.
        string? last = newest is [.., var line] ? line : null;
        if (head is not null && last != head.Line && SequenceOf(head.Line) == SequenceOf(last) + 1)
        {
            newest = [.. newest, head.Line];
        }
        IReadOnlyList<LinePart> parts = await lines.File.ListPartsAsync(cancellationToken);
        long? read = null;
        for (int i = parts.Count; i >= 0 && _acts.Count <= limit; i--)
        {
            if (i < parts.Count && i + 1 < parts.Count && parts[i + 1].First > filter.Before + MaxApart)
            {
                continue;
            }
            IReadOnlyList<string> some = i == parts.Count ? newest : await lines.File.ReadPartAsync(parts[i], cancellationToken);
            read = Take(some, filter, limit, read) ?? read;
        }
        bool isMore = _acts.Count > limit;
        return new AuditPage(isMore ? _acts[..limit] : _acts, isMore ? _acts[limit - 1].Sequence : null, _faults);
    }

    /// <param name="before">What was read already begins here: a file that was laid aside and not yet begun anew is there twice.</param>
    /// <returns>Where these lines begin.</returns>
    private long? Take(IReadOnlyList<string> some, AuditFilter filter, int limit, long? before)
    {
        long? first = null;
        for (int i = some.Count - 1; i >= 0 && _acts.Count <= limit; i--)
        {
            if (AuditRecord.Parse(some[i]) is not { } record || record.ComputeHash() != record.Hash)
            {
                _faults++;
                continue;
            }
            if (record.Sequence >= before)
            {
                continue;
            }
            first = record.Sequence;
            if (record is { Event: AuditEvent.Ended, Of: { } begun })
            {
                _outcomes.TryAdd(begun, record);
            }
            else if (record.Event == AuditEvent.Asked && filter.Admits(record))
            {
                _acts.Add(ActOf(record));
            }
        }
        return first;
    }

    private AuditedAct ActOf(AuditRecord asked)
    {
        AuditRecord? ended = _outcomes.GetValueOrDefault(asked.Sequence);
        return new AuditedAct(
            asked.Sequence,
            asked.At,
            asked.Act ?? "",
            asked.Target ?? "",
            asked.By,
            asked.ById,
            asked.Why,
            ended?.Status,
            ended?.At
        );
    }

    private static long SequenceOf(string? line) => line is null ? 0 : AuditRecord.Parse(line)?.Sequence ?? 0;
}
