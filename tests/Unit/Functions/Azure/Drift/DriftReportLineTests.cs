using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Drift;
using Serverless.Unit.Orchestrations.Drift;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Drift;

public sealed class DriftReportLineTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 7, 0, 0, 0, TimeSpan.Zero);
    private static readonly DriftSubject Subject = new("prod", "m", 1);
    private static readonly DriftWindow Day = new(Start, Start.AddDays(1));

    /// <summary>A shift of one language alone is nothing of all predictions: its history needs its slice.</summary>
    [Theory]
    [InlineData("all", "input.length")]
    [InlineData("language=de", "output.label")]
    [InlineData("language=fr", null)]
    public void Of_ASlice_HasItsFeatures_AndNamesAllSlices(string slice, string? feature)
    {
        DriftCheckRequest request = new(Subject, Day, DriftReference.Pinned, DriftLikeness.Any);
        DriftReport report = DriftRig.ReportOf(request, DriftVerdict.Steady, "input.length", Start);
        FeatureFinding german = report.Findings[0] with { Slice = "language=de", Feature = "output.label" };

        DriftReportLine line = DriftReportLine.Of(report with { Findings = [.. report.Findings, german] }, slice);

        Assert.Equal(feature is null ? [] : [feature], line.Features.Select(one => one.Feature));
        Assert.Equal(["all", "language=de"], line.Slices);
    }

    /// <summary>What people ask for is a check of its own, which neither runs in the timer's place nor counts among its looks.</summary>
    [Fact]
    public void ToRequest_IsAskedFor_WhateverTheWindow()
    {
        DriftOptions options = new();

        DriftCheckRequest last = new DriftCheckQuery("m").ToRequest(Subject, options, Start.AddDays(1).AddHours(2)),
            running = new DriftCheckQuery("m", From: Start, Until: Start.AddHours(2)).ToRequest(Subject, options, Start.AddHours(1.5));

        Assert.Equal(("20300108T00-24h-pinned-asked", Day), (last.Name(), last.Window));
        Assert.Equal("20300107T02-2h-pinned-at013000-asked", running.Name());
        Assert.True(DriftCheckRequest.IsAsked(last.Name()));
        Assert.False(DriftCheckRequest.IsAsked((last with { Asked = false }).Name()));
    }
}
