using Serverless.Statistics.Intervals;

namespace Serverless.Sizing.Capacity;

/// <summary>Whether a load at a steady rate is more than a service can take: then what waits grows as long as it lasts.</summary>
/// <param name="Grows">Null where there is too little to tell.</param>
/// <param name="Share">Of what arrives, how much is left over for later: 0.1 where the service takes nine of ten.</param>
/// <param name="P">The chance of windows that rise as much where nothing grows.</param>
public sealed record StabilityVerdict(bool? Grows, double Share, double P)
{
    public string Sentence =>
        Grows switch
        {
            null => "Too short to tell whether what waits grows.",
            true => FormattableString.Invariant($"What waits grows: {100 * Share:0.#} % of what arrives is left for later."),
            false => "What waits does not grow.",
        };
}

/// <summary>
/// A trend over the windows of a load. A service that takes μ of λ requests a second has a backlog that grows by λ − μ a second, and a
/// latency that grows by λ/μ − 1 seconds a second; one that keeps up has neither, though both wander. So growth must be both unlikely by
/// chance and large: windows of a busy queue depend on each other, and small rises are common. What is in hand also rises from nothing
/// until the first answers come, and wanders where little arrives: shorter windows, and those of few requests, tell nothing.
/// </summary>
public static class StabilityTest
{
    private const double LeastShare = 0.03;
    private const double MostChance = 0.005;
    private const double LeastDue = 5; // of a window

    /// <summary>The first windows, in which connections and caches warm up, count as much as the others: their times fall.</summary>
    public static StabilityVerdict Judge(IReadOnlyList<LoadWindow> windows)
    {
        if (windows.Count < Trend.LeastValues || windows.Average(window => window.Due) < LeastDue || AreShorterThanAnswers(windows))
        {
            return new StabilityVerdict(null, 0, 1);
        }
        double seconds = windows[0].Lasts.TotalSeconds;
        double rate = windows.Average(window => window.Due) / seconds;
        Trend backlog = Trend.Of([.. windows.Select(window => (double)window.Backlog)]);
        Trend latency = Trend.Of([.. windows.Where(window => window.Latencies.Total > 0).Select(window => window.MeanMilliseconds / 1000)]);
        double left = backlog.Slope / seconds / rate,
            slowing = latency.Slope / seconds;
        (double Share, double P) most = IsLarge(slowing, latency.P) ? (slowing / (1 + slowing), latency.P) : (left, backlog.P);
        return new StabilityVerdict(IsLarge(left, backlog.P) || IsLarge(slowing, latency.P), Math.Max(0, most.Share), most.P);
    }

    /// <summary>By the quickest window: latencies of a load that is too high grow with it.</summary>
    private static bool AreShorterThanAnswers(IReadOnlyList<LoadWindow> windows) =>
        windows
            .Where(window => window.Latencies.Total > 0)
            .Select(window => window.MeanMilliseconds)
            .DefaultIfEmpty(double.PositiveInfinity)
            .Min() > windows[0].Lasts.TotalMilliseconds;

    private static bool IsLarge(double share, double p) => share > LeastShare && p < MostChance;
}
