namespace Serverless.Audit;

/// <summary>The rules of the chain, apart from where it is kept.</summary>
internal static class AuditChain
{
    /// <summary>The record in its place behind the last one; the first where there is none.</summary>
    public static AuditRecord Next(AuditRecord? last, AuditRecord draft, DateTimeOffset now) =>
        (
            draft with
            {
                Sequence = (last?.Sequence ?? 0) + 1,
                At = last is not null && last.At > now ? last.At : now,
                Previous = last?.Hash ?? "",
            }
        ).Sealed();

    /// <summary>Everything that is wrong with these lines as the log that ends with the record of the head.</summary>
    public static AuditVerdict Verify(IReadOnlyList<string> lines, string? head)
    {
        AuditRecord?[] records = [.. lines.Select(AuditRecord.Parse)];
        (long sequence, string hash) = BeginningOf(records);
        List<AuditFault> faults = [];
        AuditRecord? last = null;
        for (int i = 0; i < records.Length; i++)
        {
            long expected = (last?.Sequence ?? (i == 0 ? sequence : (records[0]?.Sequence ?? sequence + 1) + i - 1)) + 1;
            string? previous = i == 0 ? hash : last?.Hash;
            faults.AddRange(FaultsOf(records[i], expected, previous, last).Select(what => new AuditFault(expected, what)));
            last = records[i];
        }
        if (head is null ? lines.Count > 0 : lines.Count == 0 || lines[^1] != head)
        {
            faults.Add(
                new AuditFault(
                    last?.Sequence ?? sequence,
                    head is null ? "The head is missing." : "The head does not hold the last record."
                )
            );
        }
        return new AuditVerdict(faults.Count == 0, lines.Count, last?.Sequence ?? sequence, last?.Hash, faults);
    }

    /// <summary>
    /// What stood before the first record: nothing, or what a cut names. Whoever cut may have died before the records were gone.
    /// </summary>
    private static (long Sequence, string Hash) BeginningOf(AuditRecord?[] records)
    {
        AuditRecord? cut = records.LastOrDefault(record => record?.Event == AuditEvent.Cut && record.Of + 1 == records[0]?.Sequence);
        cut ??= records.Length > 0 && records[0]?.Sequence == 1 ? null : records.LastOrDefault(record => record?.Event == AuditEvent.Cut);
        return (cut?.Of ?? 0, cut?.CutHash ?? "");
    }

    /// <param name="previous">Null where the record before cannot be read, which was reported.</param>
    private static IEnumerable<string> FaultsOf(AuditRecord? record, long sequence, string? previous, AuditRecord? last)
    {
        if (record is null)
        {
            yield return "It is not a record as they are written.";
            yield break;
        }
        if (record.ComputeHash() != record.Hash)
        {
            yield return "Its hash is not that of what it says.";
        }
        if (record.Sequence != sequence)
        {
            yield return $"Its sequence number is {record.Sequence}.";
        }
        if (previous is not null && record.Previous != previous)
        {
            yield return "It does not follow the record before it.";
        }
        if (last is not null && record.At < last.At)
        {
            yield return "It is dated before the record before it.";
        }
    }
}

/// <param name="Sequence">Where it was found.</param>
public sealed record AuditFault(long Sequence, string What);

/// <param name="Intact">Whether every record is as it was written, and none is missing.</param>
/// <param name="Last">The sequence number of the last record; 0 where there is none.</param>
/// <param name="Head">The last record's hash: kept elsewhere, it proves later that nothing before it was changed.</param>
public sealed record AuditVerdict(bool Intact, int Records, long Last, string? Head, IReadOnlyList<AuditFault> Faults);
