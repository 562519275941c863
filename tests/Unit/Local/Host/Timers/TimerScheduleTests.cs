using System.Globalization;
using Serverless.Local.Host.Timers;
using Xunit;

namespace Serverless.Unit.Local.Host.Timers;

public sealed class TimerScheduleTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 12, 0, 30, DateTimeKind.Utc);

    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T12:05:00")]
    [InlineData("*/5 * * * *", "2026-03-01T12:05:00")]
    [InlineData("30 0 12 * * *", "2026-03-02T12:00:30")]
    [InlineData("00:00:10", "2026-03-01T12:00:40")]
    [InlineData("1.00:00:00", "2026-03-02T12:00:30")]
    public void Next_Schedule_IsTheFirstTimeAfter(string schedule, string expected) =>
        Assert.Equal(DateTime.Parse(expected, CultureInfo.InvariantCulture), TimerSchedule.Parse(schedule).Next(Start));

    [Theory]
    [InlineData("often", "1 fields")]
    [InlineData("* * *", "3 fields")]
    [InlineData("0 0 25 * * *", "not NCRONTAB")]
    [InlineData("00:00:00", "not positive")]
    public void Parse_NoSchedule_NamesTheFault(string schedule, string fault) =>
        Assert.Contains(fault, Assert.Throws<FormatException>(() => TimerSchedule.Parse(schedule)).Message);

    [Fact]
    public void NextFrom_KeptRun_CountsFromIt()
    {
        TimerStatus kept = new(Start.AddMinutes(-12), default, Start.AddMinutes(-12));

        DateTime next = TimerStatus.NextFrom(kept, TimerSchedule.Parse("0 */5 * * * *"), Start);

        Assert.Equal(new DateTime(2026, 3, 1, 11, 50, 0), next);
    }

    [Fact]
    public void NextFrom_NeverRun_CountsFromWhenItWasFirstSeen()
    {
        TimerStatus kept = new(default, default, Start.AddMinutes(-6));

        DateTime next = TimerStatus.NextFrom(kept, TimerSchedule.Parse("0 */5 * * * *"), Start);

        Assert.Equal(new DateTime(2026, 3, 1, 11, 55, 0), next);
    }
}
