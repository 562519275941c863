using System.Text.RegularExpressions;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Drift;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Drift;

/// <summary>Windows that callers may ask for, and those that they may not.</summary>
public sealed class DriftCheckQueryTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 7, 12, 30, 0, TimeSpan.Zero);
    private static readonly DriftSubject Subject = new("prod", "m", 1);

    [Theory]
    [InlineData("2030-01-07T12:00:00Z", "2030-01-07T14:00:00Z", "until is 2030-01-07 14:00:00Z; allowed is the end of this hour, *")]
    [InlineData("2030-01-07T12:00:00Z", "2030-01-07T11:00:00Z", "*has -1 hours; allowed are 1 to 744.")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z", "The window begins at 0001-01-01*; allowed is 1970 or later.")]
    [InlineData("2030-01-07T11:30:00Z", "2030-01-07T12:00:00Z", "*expected are full hours of UTC.")]
    public void AWindowThatMayNotBe_IsRefused_ByChecksAndReferences(string from, string until, string problem)
    {
        (DateTimeOffset first, DateTimeOffset last) = (DateTimeOffset.Parse(from), DateTimeOffset.Parse(until));

        RequestProblem ofCheck = Assert.Throws<RequestProblem>(() =>
            new DriftCheckQuery("m", From: first, Until: last).ToRequest(Subject, new DriftOptions(), Now)
        );
        RequestProblem ofReference = Assert.Throws<RequestProblem>(() => new PinQuery(first, last, "x").ToWindow(DriftLikeness.Any, Now));

        Assert.Matches($"^{Regex.Escape(problem).Replace("\\*", ".*")}$", ofCheck.Message);
        Assert.Equal(ofCheck.Message, ofReference.Message);
    }

    [Fact]
    public void TheHourThatGoesOn_MayBeCheckedAndPinned()
    {
        DateTimeOffset from = Now.AddMinutes(-30);

        DriftCheckRequest check = new DriftCheckQuery("m", From: from, Until: from.AddHours(1)).ToRequest(Subject, new DriftOptions(), Now);

        Assert.Equal((check.Window, Now), (new PinQuery(from, from.AddHours(1), "x").ToWindow(DriftLikeness.Any, Now), check.AsOf!.Value));
    }

    [Theory]
    [InlineData("9999-12-31T23:00:00Z", "9999-12-31T23:59:00Z", "from is 9999-12-31 23:00:00Z; the window of 24 hours * has not ended.")]
    [InlineData("2030-01-07T00:00:00Z", "2030-01-07T12:00:00Z", "from is 2030-01-07 00:00:00Z; the window of 24 hours * has not ended.")]
    [InlineData("2030-01-06T00:00:00Z", "2030-01-06T12:00:00Z", "until is 2030-01-06 12:00:00Z; allowed is a time from 2030-01-07*")]
    [InlineData("2025-01-06T00:00:00Z", "2030-01-06T12:00:00Z", "until is 2030-01-06 12:00:00Z; *at most 400 days after from.")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-03T00:00:00Z", "The window begins at 0001-01-01*; allowed is 1970 or later.")]
    public void ABackfillOfOtherThanThePast_IsRefused(string from, string until, string problem)
    {
        DriftBackfillQuery query = new("m", DateTimeOffset.Parse(from), DateTimeOffset.Parse(until));

        RequestProblem refused = Assert.Throws<RequestProblem>(() => query.ToInput(Subject, new DriftOptions(), Now));

        Assert.Matches($"^{Regex.Escape(problem).Replace("\\*", ".*")}$", refused.Message);
    }

    [Theory]
    [InlineData("20300107T13-1h-pinned-at123000-asked", true)]
    [InlineData("", false)]
    [InlineData("../x", false)]
    public void TheNameOfAReport_IsOfItsLetters_AndNotLong(string name, bool isName)
    {
        Assert.Equal(isName, DriftCheckRequest.IsName(name));
        Assert.False(DriftCheckRequest.IsName(new string('a', 200)));
        Assert.True(
            DriftCheckRequest.IsName(
                new DriftCheckRequest(
                    Subject,
                    new DriftWindow(Now.AddDays(-31), Now),
                    DriftReference.Validation,
                    DriftLikeness.HourOfWeek,
                    Now,
                    Asked: true
                ).Name()
            )
        );
    }
}
