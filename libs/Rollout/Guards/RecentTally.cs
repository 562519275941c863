using System.Text.Json.Serialization;
using Serverless.Statistics.Sequential;

namespace Serverless.Rollout.Guards;

/// <param name="Answered">Of which the time is known.</param>
/// <param name="Slow">Of those, how many took longer than an objective allows.</param>
public sealed record MinuteCounts(DateTimeOffset Start, long Requests, long Failed, long Answered, long Slow)
{
    internal MinuteCounts Add(ArmObservation seen, double slowMilliseconds) =>
        this with
        {
            Requests = Requests + 1,
            Failed = Failed + (seen.Failed ? 1 : 0),
            Answered = Answered + (seen.Milliseconds is null ? 0 : 1),
            Slow = Slow + (seen.Milliseconds > slowMilliseconds ? 1 : 0),
        };
}

/// <summary>
/// The short window of an arm's burn rates: its last minutes, up to its latest request, in whatever order requests are read. Mutable, not
/// thread-safe; serialised between looks.
/// </summary>
public sealed class RecentTally
{
    /// <summary>Those with requests, in their order.</summary>
    [JsonInclude]
    public List<MinuteCounts> Minutes { get; private init; } = [];

    [JsonIgnore]
    public Rate Failed => new(Minutes.Sum(minute => minute.Failed), Minutes.Sum(minute => minute.Requests));

    [JsonIgnore]
    public Rate Slow => new(Minutes.Sum(minute => minute.Slow), Minutes.Sum(minute => minute.Answered));

    public void Add(DateTimeOffset time, ArmObservation seen, BurnLimits burn)
    {
        DateTimeOffset start = new(time.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero);
        int at = Minutes.FindIndex(minute => minute.Start >= start);
        if (at < 0 || Minutes[at].Start != start)
        {
            at = at < 0 ? Minutes.Count : at;
            Minutes.Insert(at, new MinuteCounts(start, 0, 0, 0, 0));
        }
        Minutes[at] = Minutes[at].Add(seen, burn.SlowMilliseconds);
        DateTimeOffset first = Minutes[^1].Start.AddMinutes(1 - burn.ShortMinutes);
        Minutes.RemoveAll(minute => minute.Start < first);
    }
}
