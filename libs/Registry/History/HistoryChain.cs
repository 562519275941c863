namespace Serverless.Registry;

/// <summary>The rules of the chain, apart from where it is kept.</summary>
internal static class HistoryChain
{
    /// <summary>The record that follows the last one; the first where there is none.</summary>
    public static HistoryRecord Next(HistoryRecord? last, string environment, string name, HistoryDraft draft, DateTimeOffset now) =>
        new HistoryRecord
        {
            Sequence = (last?.Sequence ?? 0) + 1,
            Environment = environment,
            Name = name,
            At = last is not null && last.At > now ? last.At : now,
            Event = draft.Event,
            Version = draft.Version,
            Digest = draft.Digest,
            Manifest = draft.Manifest,
            From = last?.Version,
            By = draft.By,
            Why = draft.Why,
            Evidence = draft.Evidence,
            Previous = last?.Hash ?? "",
        }.Sealed();

    /// <summary>Everything that is wrong with these lines as the history that ends with the record the alias holds.</summary>
    public static HistoryVerdict Verify(string environment, string name, IReadOnlyList<string> lines, string? head)
    {
        var faults = new List<HistoryFault>();
        HistoryRecord? last = null;
        for (int i = 0; i < lines.Count; i++)
        {
            HistoryRecord? record = HistoryRecord.Parse(lines[i]);
            faults.AddRange(Faults(environment, name, i + 1, record, last).Select(what => new HistoryFault(i + 1, what)));
            last = record;
        }
        if (head is null ? lines.Count > 0 : lines.Count == 0 || lines[^1] != head)
        {
            faults.Add(new HistoryFault(lines.Count, head is null ? "The alias is missing." : "The alias does not hold the last record."));
        }
        return new HistoryVerdict(faults.Count == 0, lines.Count, last?.Hash, faults);
    }

    private static IEnumerable<string> Faults(string environment, string name, int sequence, HistoryRecord? record, HistoryRecord? last)
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
        if (record.Environment != environment || record.Name != name)
        {
            yield return $"It is of {record.Environment}, {record.Name}.";
        }
        if (record.Sequence != sequence)
        {
            yield return $"Its sequence number is {record.Sequence}.";
        }
        if (sequence > 1 && last is null)
        {
            // the one before is not readable, and was reported
            yield break;
        }
        if (record.Previous != (last?.Hash ?? ""))
        {
            yield return "It does not follow the record before it.";
        }
        if (record.From != last?.Version)
        {
            yield return $"It says that version {record.From?.ToString() ?? "none"} was there before, which was "
                + $"{last?.Version.ToString() ?? "none"}.";
        }
        if (last is not null && record.At < last.At)
        {
            yield return "It is dated before the record before it.";
        }
    }
}

/// <summary>What is to be recorded, before it has its place in the chain.</summary>
internal sealed record HistoryDraft(
    HistoryEvent Event,
    int? Version,
    string? Digest,
    string? Manifest,
    string By,
    string? Why,
    System.Text.Json.JsonElement? Evidence
);

/// <param name="Sequence">Of the record at fault, counted from 1.</param>
public sealed record HistoryFault(int Sequence, string What);

/// <param name="Intact">Whether every record is as it was written, and none is missing.</param>
/// <param name="Head">The last record's hash: kept elsewhere, it proves later that nothing before it was changed.</param>
public sealed record HistoryVerdict(bool Intact, int Records, string? Head, IReadOnlyList<HistoryFault> Faults);
