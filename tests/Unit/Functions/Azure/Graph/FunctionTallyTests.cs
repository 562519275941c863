using Microsoft.Extensions.Time.Testing;
using Serverless.Functions.Azure.Graph;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Graph;

public sealed class FunctionTallyTests
{
    private static readonly DateTimeOffset Start = new(2030, 1, 2, 3, 0, 30, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Start);

    [Fact]
    public void Calls_AreCountedByTheMinute()
    {
        FunctionTally tally = new(_time);
        tally.Count("ShowRun", isFailed: false);
        tally.Count("showrun", isFailed: true);
        _time.Advance(TimeSpan.FromMinutes(5));
        tally.Count("ShowRun", isFailed: false);

        Assert.Equal((3, 1), tally.Sum("ShowRun", DateTimeOffset.MinValue, _time.GetUtcNow()));
        Assert.Equal((1, 0), tally.Sum("ShowRun", Start.AddMinutes(1), _time.GetUtcNow()));
        Assert.Equal((2, 1), tally.Sum("ShowRun", Start, Start.AddMinutes(4)));
        Assert.Equal((0, 0), tally.Sum("ListRuns", DateTimeOffset.MinValue, _time.GetUtcNow()));
    }

    [Fact]
    public void ADayLater_TheyAreForgotten()
    {
        FunctionTally tally = new(_time);
        tally.Count("ShowRun", isFailed: false);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal((0, 0), tally.Sum("ShowRun", DateTimeOffset.MinValue, _time.GetUtcNow()));

        tally.Count("ShowRun", isFailed: true);

        Assert.Equal((1, 1), tally.Sum("ShowRun", DateTimeOffset.MinValue, _time.GetUtcNow()));
    }
}
