namespace Serverless.Ingest.Searches;

/// <summary>What was ranked, and by how much.</summary>
public sealed record Ranked(string Key, double Score);

/// <summary>
/// Reciprocal rank fusion: the sum over rankings of 1 / (k + rank), k = 60 (Cormack, Clarke and Büttcher, "Reciprocal rank fusion
/// outperforms Condorcet and individual rank learning methods", SIGIR 2009). It looks at ranks alone, so that scores of different kinds
/// need no scale.
/// </summary>
public static class RankFusion
{
    public const int K = 60;

    /// <summary>The best first; equal ones by their keys. Of a key that a ranking has twice the first counts.</summary>
    public static IReadOnlyList<Ranked> Fuse(params IReadOnlyList<IEnumerable<string>> rankings) =>
        InOrder(
            rankings
                .SelectMany(ranking => ranking.Distinct(StringComparer.Ordinal).Select((key, i) => new Ranked(key, 1.0 / (K + i + 1))))
                .GroupBy(part => part.Key, StringComparer.Ordinal)
                .Select(parts => new Ranked(parts.Key, parts.Sum(part => part.Score)))
        );

    public static IReadOnlyList<Ranked> InOrder(IEnumerable<Ranked> ranked) =>
        [.. ranked.OrderByDescending(one => one.Score).ThenBy(one => one.Key, StringComparer.Ordinal)];
}
