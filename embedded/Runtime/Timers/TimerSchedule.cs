using System.Globalization;
using NCrontab;

namespace Serverless.Embedded.Runtime.Timers;

/// <summary>When a timer runs, in UTC: an NCRONTAB expression of five fields or of six with seconds, or an interval.</summary>
internal sealed class TimerSchedule
{
    private readonly Func<DateTime, DateTime> _next;
    private readonly string _text;

    private TimerSchedule(string text, Func<DateTime, DateTime> next) => (_text, _next) = (text, next);

    /// <summary>The first time after the given one.</summary>
    public DateTime Next(DateTime after) => _next(after);

    public override string ToString() => _text;

    /// <summary>Null, with the fault named, where the text is no schedule.</summary>
    public static TimerSchedule? Parse(string text, out string? fault)
    {
        fault = null;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && text.Contains(':'))
        {
            if (interval > TimeSpan.Zero)
                return new TimerSchedule(text, after => after + interval);
            fault = $"the interval '{text}' is not positive";
            return null;
        }

        var fields = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        if (fields is not (5 or 6))
        {
            fault = $"the schedule '{text}' has {fields} fields; expected are an NCRONTAB expression of 5 or 6 fields or an interval such as 00:05:00";
            return null;
        }

        try
        {
            var cron = CrontabSchedule.Parse(text, new() { IncludingSeconds = fields == 6 });
            return new TimerSchedule(text, cron.GetNextOccurrence);
        }
        catch (CrontabException malformed)
        {
            fault = $"the schedule '{text}' is not NCRONTAB: {malformed.Message}";
            return null;
        }
    }
}
