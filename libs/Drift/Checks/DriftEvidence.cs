using System.Text.Json;

namespace Serverless.Drift.Checks;

/// <summary>
/// What all looks at a version so far have brought, for each stream of looks: a feature's aspect in a slice. A look counts once, in
/// whatever order looks come. Bounded: at most <see cref="MaxStreams"/> streams, whose names take at most <see cref="MaxNameBytes"/>; those
/// that were looked at least recently are dropped, and begin anew should they come again, which alarms later and never falsely.
/// </summary>
/// <param name="Looks">Names of the reports that count, the newest last.</param>
/// <param name="Sums">As <see cref="Serverless.Statistics.Sequential.LookEvidence"/>.</param>
/// <param name="Unseen">Of streams that the last look did not have, how many looks ago they were seen.</param>
/// <param name="Dropped">Streams, ever.</param>
public sealed record DriftEvidence(
    IReadOnlyList<string> Looks,
    IReadOnlyDictionary<string, double> Sums,
    IReadOnlyDictionary<string, int>? Unseen = null,
    long Dropped = 0
)
{
    /// <summary>Four times what one report names.</summary>
    public const int MaxStreams = 8_000;

    /// <summary>
    /// As they stand in JSON. Each name stands twice at most, so that with 64 bytes for the numbers of each stream and 1,000 looks the
    /// document stays below 8 MiB.
    /// </summary>
    public const int MaxNameBytes = 3 << 20;

    /// <summary>An older look that comes again counts twice, which no timer does.</summary>
    private const int MaxLooks = 1_000;

    public static DriftEvidence None { get; } = new([], new Dictionary<string, double>());

    public bool Has(string look) => Looks.Contains(look);

    /// <summary>A stream that is gone from the looks keeps what it has while there is room.</summary>
    public DriftEvidence With(string look, IEnumerable<KeyValuePair<string, double>> sums)
    {
        Dictionary<string, double> seen = new(sums);
        (string Stream, double Sum, int Unseen)[] all =
        [
            .. seen.Select(pair => (pair.Key, pair.Value, 0)),
            .. Sums.Where(pair => !seen.ContainsKey(pair.Key)).Select(pair => (pair.Key, pair.Value, AgeOf(pair.Key) + 1)),
        ];
        (string Stream, double Sum, int Unseen)[] kept = [.. Bounded(all)];
        return new DriftEvidence(
            [.. Looks.TakeLast(MaxLooks - 1), look],
            kept.ToDictionary(one => one.Stream, one => one.Sum),
            kept.Where(one => one.Unseen > 0).ToDictionary(one => one.Stream, one => one.Unseen),
            Dropped + all.Length - kept.Length
        );
    }

    private int AgeOf(string stream) => Unseen?.GetValueOrDefault(stream) ?? 0;

    /// <summary>The most recent; of those seen alike, the ones that know most.</summary>
    private static IEnumerable<(string Stream, double Sum, int Unseen)> Bounded((string Stream, double Sum, int Unseen)[] all)
    {
        long bytes = 0;
        return all.OrderBy(one => one.Unseen)
            .ThenByDescending(one => one.Sum)
            .ThenBy(one => one.Stream, StringComparer.Ordinal)
            .Take(MaxStreams)
            .TakeWhile(one => (bytes += JsonEncodedText.Encode(one.Stream).EncodedUtf8Bytes.Length) <= MaxNameBytes);
    }
}
