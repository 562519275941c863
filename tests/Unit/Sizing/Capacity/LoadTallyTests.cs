using Serverless.Sizing;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Capacity;
using Xunit;

namespace Serverless.Unit.Sizing.Capacity;

public sealed class LoadTallyTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);

    [Fact]
    public void Requests_CountWhereTheyWereDue_AndAnswersWhereTheyCame()
    {
        LoadTally tally = new(Lasts, windows: 10);
        Add(tally, due: 0.5, answered: 0.6, status: 200);
        Add(tally, due: 0.7, answered: 2.5, status: 200);
        Add(tally, due: 9.5, answered: 14, status: 503);

        IReadOnlyList<LoadWindow> windows = tally.Windows;

        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0, 1], windows.Select(window => (int)window.Due));
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0, 0, 0], windows.Select(window => (int)window.Answered));
        Assert.Equal([1, 1, 0, 0, 0, 0, 0, 0, 0, 1], windows.Select(window => (int)window.Backlog));
        Assert.Equal(1, windows[9].Failed);
        Assert.Equal((100 + 1800) / 2.0, windows[0].MeanMilliseconds, 1e-6);
        LoadSort sort = Assert.Single(tally.Sorts);
        Assert.Equal((2, 1, 1), (sort.Latencies.Total, sort.Failed, sort.Statuses[503]));
    }

    [Theory]
    [InlineData(0.8, false)]
    [InlineData(1.3, true)]
    public void Stability_OfAQueue_IsSeenInTwentyRunsOfTwenty(double load, bool grows)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(grows, StabilityTest.Judge(Queue(load, seed)).Grows);
        }
    }

    [Fact]
    public void Stability_TellsHowMuchIsLeftOver()
    {
        StabilityVerdict verdict = StabilityTest.Judge(Queue(1.5, seed: 3));

        Assert.InRange(verdict.Share, 0.25, 0.42);
        Assert.StartsWith("What waits grows: ", verdict.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Stability_OfFewWindows_IsNotJudged() => Assert.Null(StabilityTest.Judge(new LoadTally(Lasts, 4).Windows).Grows);

    /// <summary>Of the second load as much is in hand at the end as came in four seconds: it rises from nothing until then.</summary>
    [Theory]
    [InlineData(0.5, 0.1)]
    [InlineData(50, 4)]
    public void Stability_OfFewRequests_OrOfWindowsShorterThanAnAnswer_IsNotJudged(double rate, double latency)
    {
        LoadTally tally = new(Lasts, windows: 10);
        for (double due = Lasts.TotalSeconds - (1 / rate); due >= 0; due -= 1 / rate)
        {
            Add(tally, due, due + latency, status: 200);
        }

        Assert.Null(StabilityTest.Judge(tally.Windows).Grows);
    }

    [Fact]
    public void AnObjective_NamesEachPartThatIsBroken()
    {
        LoadTally tally = new(Lasts, windows: 10);
        for (int i = 0; i < 9; i++)
        {
            Add(tally, due: i, answered: i + 0.3, status: 200);
        }
        Add(tally, due: 9, answered: 9.1, status: 500);
        LoadSort sort = tally.Sorts[0];

        Assert.Null(LoadObjective.Of(95, TimeSpan.FromMilliseconds(400), 0.1).Broken(sort.Latencies, sort.Failed));
        Assert.Equal(
            "10 % failed, allowed are 1 %; p95 is 302.45 ms, allowed are 200 ms",
            LoadObjective.Of(95, TimeSpan.FromMilliseconds(200), 0.01).Broken(sort.Latencies, sort.Failed)
        );
    }

    [Theory]
    [InlineData(101, 0)]
    [InlineData(double.NaN, 0)]
    [InlineData(95, -0.1)]
    [InlineData(95, double.NaN)]
    public void AnObjectiveThatCannotBe_IsRefused(double percentile, double errors) =>
        Assert.Throws<SizingInputException>(() => LoadObjective.Of(percentile, Lasts, errors));

    /// <summary>One server that takes 20 ms for each in the mean, for 60 s.</summary>
    private static IReadOnlyList<LoadWindow> Queue(double load, int seed)
    {
        TimeSpan lasts = TimeSpan.FromSeconds(60);
        LoadTally tally = new(lasts, windows: 30);
        Random random = new(seed);
        TimeSpan free = TimeSpan.Zero;
        foreach (TimeSpan due in RateShape.Constant(load * 50, lasts).Arrivals(seed))
        {
            free = (free > due ? free : due) + TimeSpan.FromMilliseconds(-20 * Math.Log(1 - random.NextDouble()));
            tally.Add("one", due, TimeSpan.Zero, free, 200);
        }
        return tally.Windows;
    }

    private static void Add(LoadTally tally, double due, double answered, int status) =>
        tally.Add("search", TimeSpan.FromSeconds(due), TimeSpan.Zero, TimeSpan.FromSeconds(answered), status);
}
