using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Xunit;

namespace Serverless.Unit.Serving.Objectives;

public sealed class BurnRatesTests
{
    private static readonly ServiceObjective Objective = new() { Availability = 0.999, InTime = 0.99 };
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>At 0.999, a burn of 14.4 is 1.44 % of requests failing (SRE workbook, table 5-8).</summary>
    [Theory]
    [InlineData(1_000, 15, 15, true)]
    [InlineData(1_000, 14, 14, false)] // 14 < 14.4 over the hour
    [InlineData(1_000, 15, 14, false)] // it has ended: the last five minutes are better
    [InlineData(99, 99, 99, false)] // too few to say so
    public void TheHour_Burns_WhenBothWindowsDo(int requests, int failedOfHour, int failedOfLately, bool isBurning)
    {
        ServingCounts Of(TimeSpan window) =>
            window == Hour ? new ServingCounts(requests, failedOfHour, 0, 0)
            : window < Hour ? new ServingCounts(requests, failedOfLately, 0, 0)
            : default;

        IReadOnlyList<ObjectiveStanding> standings = BurnRates.Judge("prod", "m", Objective, Of);

        ObjectiveStanding availability = standings[0];
        Assert.Equal(ObjectiveKind.Availability, availability.Kind);
        Assert.Equal(isBurning, availability.Burning(isUrgent: true) is not null);
        Assert.Null(availability.Burning(isUrgent: false));
        Assert.Null(standings[1].Burning(isUrgent: true));
    }

    [Fact]
    public void SlowAnswers_BurnTheBudgetOfLatency_AndFailedOnesDoNot()
    {
        ServingCounts counts = new(Requests: 1_000, Failed: 500, Slow: 100, Milliseconds: 1);

        ObjectiveStanding latency = BurnRates.Judge("prod", "m", Objective, _ => counts)[1];

        Assert.Equal(ObjectiveKind.Latency, latency.Kind);
        Assert.Equal([20d, 20, 20], latency.Windows.Select(window => window.LongBurn)); // 100 of 500 answers, of a hundredth allowed
        Assert.Equal(Hour.TotalHours, latency.Burning(isUrgent: true)!.LongHours);
        Assert.NotNull(latency.Burning(isUrgent: false));
    }

    [Fact]
    public void Windows_AreThoseOfTheWorkbook() =>
        Assert.Equal(
            [(1, 5, 14.4), (6, 30, 6), (72, 360, 1)],
            BurnWindow.All.Select(window => (window.Long.TotalHours, window.Short.TotalMinutes, window.Factor))
        );
}
