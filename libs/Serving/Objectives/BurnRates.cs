using Serverless.Serving.Fleet;

namespace Serverless.Serving.Objectives;

public enum ObjectiveKind
{
    /// <summary>Requests are answered.</summary>
    Availability,

    /// <summary>Answers come in time.</summary>
    Latency,
}

/// <summary>
/// When a budget burns too fast: over a long window, so that it matters, and over a short one, so that it still lasts. The windows and
/// factors are those of the SRE workbook, chapter 5, table 5-8: 2 % of a month's budget in an hour, 5 % in six, 10 % in three days.
/// </summary>
/// <param name="Factor">Of the rate at which the budget would last a month.</param>
/// <param name="IsUrgent">Whether people are woken.</param>
public sealed record BurnWindow(TimeSpan Long, TimeSpan Short, double Factor, bool IsUrgent)
{
    public static IReadOnlyList<BurnWindow> All { get; } =
    [
        new(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5), 14.4, IsUrgent: true),
        new(TimeSpan.FromHours(6), TimeSpan.FromMinutes(30), 6, IsUrgent: true),
        new(TimeSpan.FromDays(3), TimeSpan.FromHours(6), 1, IsUrgent: false),
    ];

    /// <summary>Whose factor holds for candidates too: what they are watched for is seldom longer.</summary>
    public static BurnWindow Fastest => All[0];
}

/// <param name="Requests">In the long window.</param>
/// <param name="Bad">Of those.</param>
/// <param name="LongBurn">How many times faster than it may the budget burns.</param>
/// <param name="IsBurning">Whether both windows say so, of enough requests.</param>
public sealed record BurnReading(
    double LongHours,
    double ShortHours,
    double Factor,
    bool IsUrgent,
    long Requests,
    long Bad,
    double LongBurn,
    double ShortBurn,
    bool IsBurning
);

/// <summary>How an objective of one model in one environment stands.</summary>
/// <param name="Target">Share of requests that must be good.</param>
/// <param name="LatencyMilliseconds">Of a latency objective.</param>
public sealed record ObjectiveStanding(
    string Environment,
    string Model,
    ObjectiveKind Kind,
    double Target,
    double? LatencyMilliseconds,
    IReadOnlyList<BurnReading> Windows
)
{
    public BurnReading? Burning(bool isUrgent) => Windows.FirstOrDefault(window => window.IsBurning && window.IsUrgent == isUrgent);
}

/// <summary>Counts over windows → burn rates. Pure.</summary>
public static class BurnRates
{
    /// <summary>In the long window; of fewer a single failure would burn a month's budget.</summary>
    public const int MinRequests = 100;

    /// <param name="countsOf">What was counted in the last so long.</param>
    public static IReadOnlyList<ObjectiveStanding> Judge(
        string environment,
        string model,
        ServiceObjective objective,
        Func<TimeSpan, ServingCounts> countsOf
    )
    {
        (ServingCounts Long, ServingCounts Short)[] counts =
        [
            .. BurnWindow.All.Select(window => (countsOf(window.Long), countsOf(window.Short))),
        ];
        return
        [
            Standing(ObjectiveKind.Availability, objective.Availability, null, sum => (sum.Failed, sum.Requests)),
            Standing(ObjectiveKind.Latency, objective.InTime, objective.LatencyMilliseconds, sum => (sum.Slow, sum.Answered)),
        ];

        ObjectiveStanding Standing(ObjectiveKind kind, double target, double? milliseconds, Func<ServingCounts, (long Bad, long All)> of) =>
            new(
                environment,
                model,
                kind,
                target,
                milliseconds,
                [.. BurnWindow.All.Zip(counts, (window, sum) => Read(window, of(sum.Long), of(sum.Short), 1 - target))]
            );
    }

    private static BurnReading Read(BurnWindow window, (long Bad, long All) over, (long Bad, long All) lately, double budget)
    {
        double longBurn = BurnOf(over, budget),
            shortBurn = BurnOf(lately, budget);
        return new BurnReading(
            window.Long.TotalHours,
            window.Short.TotalHours,
            window.Factor,
            window.IsUrgent,
            over.All,
            over.Bad,
            longBurn,
            shortBurn,
            over.All >= MinRequests && longBurn >= window.Factor && shortBurn >= window.Factor
        );
    }

    private static double BurnOf((long Bad, long All) counts, double budget) =>
        counts.All == 0 ? 0 : Math.Round((double)counts.Bad / counts.All / budget, 3);
}
