namespace Serverless.Statistics.Metrics;

/// <summary>A piece of a text and what it is; units as the caller counts them.</summary>
public readonly record struct TypedSpan(int Start, int Length, string Type);

public static class Spans
{
    /// <summary>
    /// F1 over the spans of all items together; a span counts only with exact offsets and type (Tjong Kim Sang and De Meulder 2003,
    /// CoNLL-2003).
    /// </summary>
    public static Metric F1(IReadOnlyList<IReadOnlyList<TypedSpan>> wanted, IReadOnlyList<IReadOnlyList<TypedSpan>> found) =>
        F1Tally.Metric("span F1", [.. wanted.Zip(found, Compare)]);

    private static F1Tally Compare(IReadOnlyList<TypedSpan> wanted, IReadOnlyList<TypedSpan> found)
    {
        HashSet<TypedSpan> want = [.. wanted],
            give = [.. found];
        int hits = give.Count(want.Contains);
        return new F1Tally(hits, give.Count - hits, want.Count - hits);
    }
}
