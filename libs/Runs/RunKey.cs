namespace Serverless.Runs;

/// <summary>What one run is sorted by: a number or a text, and its id, which no two share.</summary>
public readonly record struct RunKey(long Number, string Text, string Id)
{
    public static RunKey Of(RunEntry run, RunSort sort, DateTimeOffset asOf) =>
        sort switch
        {
            RunSort.Created => new(run.Created.UtcTicks, "", run.Id),
            RunSort.Updated => new(run.Updated.UtcTicks, "", run.Id),
            RunSort.Duration => new(run.LastingAt(asOf).Ticks, "", run.Id),
            RunSort.Name => new(0, run.Name, run.Id),
            RunSort.Status => new((long)run.Status, "", run.Id),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, "Allowed are the names of RunSort."),
        };

    /// <summary>Of equal keys the id goes upwards, whichever way the list goes.</summary>
    public static IComparer<RunKey> OrderOf(bool isDescending) =>
        Comparer<RunKey>.Create(
            (a, b) =>
            {
                int byKey = a.Number != b.Number ? a.Number.CompareTo(b.Number) : string.CompareOrdinal(a.Text, b.Text);
                return byKey == 0 ? string.CompareOrdinal(a.Id, b.Id)
                    : isDescending ? -byKey
                    : byKey;
            }
        );
}
