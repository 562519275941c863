using Serverless.Sizing;
using Serverless.Sizing.Arrivals;
using Xunit;

namespace Serverless.Unit.Sizing.Arrivals;

public sealed class ArrivalTraceTests
{
    [Fact]
    public void ParseCsv_Times_CountFromTheFirst()
    {
        ArrivalTrace trace = ArrivalTrace.ParseCsv("time\n2026-03-01T10:00:00Z\n2026-03-01T10:00:01.5Z\n2026-03-01T10:00:01.5Z\n", seed: 1);

        Assert.Equal([0, 1.5, 1.5], trace.Seconds);
        Assert.Equal(TimeSpan.FromSeconds(1.5), trace.Lasts);
    }

    [Fact]
    public void ParseCsv_Counts_LieInTheirIntervals()
    {
        ArrivalTrace trace = ArrivalTrace.ParseCsv("start,count\n0,3\n60,0\n120,5", seed: 1);

        Assert.Equal((3, 0, 5), (In(trace, 0, 60), In(trace, 60, 120), In(trace, 120, 180)));
        Assert.Equal(TimeSpan.FromMinutes(3), trace.Lasts);
        Assert.Equal(trace.Seconds, ArrivalTrace.ParseCsv("0,3\n60,0\n120,5", seed: 1).Seconds);
    }

    [Fact]
    public void ParseJson_TimesAndIntervals_AreReadToo()
    {
        Assert.Equal([0, 2], ArrivalTrace.ParseJson("[10, 12]", seed: 1).Seconds);
        Assert.Equal(4, ArrivalTrace.ParseJson("""[{"at":0,"count":4},{"at":10,"count":0}]""", seed: 1).Seconds.Count);
    }

    [Theory]
    [InlineData("2026-03-01T10:30:00Z\n2026-03-01T11:00:00Z", 10.5)]
    [InlineData("2026-03-01T01:30:00+02:00\n2026-03-01T11:00:00Z", 23.5)]
    [InlineData("0\n5", 0)]
    [InlineData("-3600\n5", 23)]
    public void ATrace_KnowsTheTimeOfDayAtWhichItStarts(string text, double hours) =>
        Assert.Equal(TimeSpan.FromHours(hours), ArrivalTrace.ParseCsv(text, seed: 1).Starts);

    [Theory]
    [InlineData("", "The trace is empty")]
    [InlineData("0\n5\n3", "The trace is out of order: line 3 is not later than the one before it.")]
    [InlineData("0,1\n0,1", "The trace is out of order: line 2")]
    [InlineData("0\n5,3", "The trace mixes times and counts: line 2 is of the other kind.")]
    [InlineData("0,1\n60,-2", "Line 2 of the trace is '60,-2'; expected is one a line")]
    [InlineData("0,1\n60,NaN", "Line 2 of the trace is '60,NaN'")]
    [InlineData("soon 1", "Line 1 of the trace is 'soon 1'")]
    [InlineData("0,0\n60,0", "The trace has 0 arrivals; expected are 1 to 5000000.")]
    [InlineData("0,4", "The trace has one interval")]
    [InlineData("0,1\n86400000,1", "The trace goes over 1000 days; expected are at most 31. Numbers are seconds, not milliseconds.")]
    [InlineData("0,1\n1e300,1", "The trace goes over ")]
    public void ParseCsv_WhatIsNoTrace_NamesTheLine(string text, string message)
    {
        SizingInputException refused = Assert.Throws<SizingInputException>(() => ArrivalTrace.ParseCsv(text, seed: 1));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[1, true]")]
    [InlineData("""[{"at":1}]""")]
    [InlineData("[1, 2")]
    [InlineData("""[{"at":0,"count":2.7},{"at":60,"count":1}]""")]
    public void ParseJson_WhatIsNoTrace_IsRefusedInOneLine(string text) =>
        Assert.DoesNotContain('\n', Assert.Throws<SizingInputException>(() => ArrivalTrace.ParseJson(text, seed: 1)).Message);

    [Fact]
    public void ADayCurve_HasItsMean_AndItsPeakWhereItSaysSo()
    {
        RateShape day = new DayCurve(86_400, 1.8, 14).Shape();

        Assert.Equal(86_400, day.Mean, 1e-6);
        Assert.Equal(TimeSpan.FromDays(1), day.Lasts);
        Assert.Equal(1.8, day.Stretches[28].From, 1e-9);
        Assert.Equal(1.8, day.Stretches.Max(stretch => stretch.From), 1e-9);
    }

    [Theory]
    [InlineData(0, 1.5, 12)]
    [InlineData(10, 2.5, 12)]
    [InlineData(10, double.NaN, 12)]
    [InlineData(10, 1.5, 25)]
    public void ADayCurve_ThatCannotBe_IsRefused(double perDay, double peak, double hour) =>
        Assert.Throws<SizingInputException>(() => new DayCurve(perDay, peak, hour).Shape());

    private static int In(ArrivalTrace trace, double from, double to) => trace.Seconds.Count(at => at >= from && at < to);
}
