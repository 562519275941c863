using System.Globalization;
using NCrontab;

namespace Serverless.Local.Host.Timers;

/// <summary>When a timer runs, in UTC: an NCRONTAB expression of five fields or of six with seconds, or an interval.</summary>
internal sealed class TimerSchedule
{
    private readonly Func<DateTime, DateTime> _next;

    private TimerSchedule(Func<DateTime, DateTime> next) => _next = next;

    /// <summary>The first time after the given one.</summary>
    public DateTime Next(DateTime after) => _next(after);

    /// <summary>Throws a <see cref="FormatException"/> that names the fault where the text is no schedule.</summary>
    public static TimerSchedule Parse(string text)
    {
        if (text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan interval))
        {
            return interval > TimeSpan.Zero
                ? new TimerSchedule(after => after + interval)
                : throw new FormatException($"The interval '{text}' is not positive.");
        }
        int fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is not (5 or 6))
        {
            throw new FormatException(
                $"The schedule '{text}' has {fields} fields; write an NCRONTAB expression of 5 or 6, or an interval such as 00:05:00."
            );
        }
        try
        {
            return new TimerSchedule(CrontabSchedule.Parse(text, new() { IncludingSeconds = fields == 6 }).GetNextOccurrence);
        }
        catch (CrontabException malformed)
        {
            throw new FormatException($"The schedule '{text}' is not NCRONTAB: {malformed.Message}", malformed);
        }
    }
}
