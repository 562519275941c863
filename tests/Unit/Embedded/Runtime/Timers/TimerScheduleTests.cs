using System.Globalization;
using Serverless.Embedded.Runtime.Timers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Timers;

public sealed class TimerScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-01-01 00:05:00")]
    [InlineData("*/5 * * * *", "2026-01-01 00:05:00")]
    [InlineData("15 30 9 * * MON-FRI", "2026-01-01 09:30:15")]
    [InlineData("0 0 0 29 2 *", "2028-02-29 00:00:00")]
    [InlineData("00:07:00", "2026-01-01 00:08:30")]
    public void Next_IsTheFirstTimeAfter(string text, string next) => Assert.Equal(
        DateTime.Parse(next, CultureInfo.InvariantCulture), TimerSchedule.Parse(text, out _)!.Next(new DateTime(2026, 1, 1, 0, 1, 30)));

    [Theory]
    [InlineData("often", "has 1 fields")]
    [InlineData("0 0 25 * * *", "is not NCRONTAB")]
    [InlineData("-00:05:00", "is not positive")]
    public void Parse_OfNoSchedule_NamesTheFault(string text, string fault)
    {
        Assert.Null(TimerSchedule.Parse(text, out var found));
        Assert.Contains(fault, found);
    }
}
