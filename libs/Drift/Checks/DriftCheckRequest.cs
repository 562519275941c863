using System.Globalization;

namespace Serverless.Drift.Checks;

public enum DriftReference
{
    /// <summary>A window that somebody pinned; where nobody did, the first that has enough predictions pins itself.</summary>
    Pinned,

    /// <summary>As long a window before: the last one that ended by then, of the same hours where only such are compared.</summary>
    Previous,

    /// <summary>What the version answers to the items of the golden set by which it was validated.</summary>
    Validation,
}

/// <summary>Which hours of the reference a window is held against.</summary>
public enum DriftLikeness
{
    /// <summary>All.</summary>
    Any,

    /// <summary>The same hours of the day.</summary>
    HourOfDay,

    /// <summary>The same hours of the same days of the week.</summary>
    HourOfWeek,
}

public static class DriftLikenesses
{
    /// <summary>After so long, hours are alike again; zero where all are.</summary>
    public static TimeSpan Cycle(this DriftLikeness likeness) =>
        likeness switch
        {
            DriftLikeness.HourOfDay => TimeSpan.FromDays(1),
            DriftLikeness.HourOfWeek => TimeSpan.FromDays(7),
            _ => TimeSpan.Zero,
        };
}

/// <summary>What is to be checked.</summary>
/// <param name="AsOf">When it was asked for, of a window that had not ended by then; null of others.</param>
/// <param name="Asked">
/// Whether somebody asked for it. Such a check stands by itself: how often people look is not what the false-alarm rate is kept for.
/// </param>
public sealed record DriftCheckRequest(
    DriftSubject Subject,
    DriftWindow Window,
    DriftReference Reference,
    DriftLikeness Likeness,
    DateTimeOffset? AsOf = null,
    bool Asked = false
)
{
    private const string AskedSuffix = "-asked";
    private const int MaxName = 80; // the longest has 53

    /// <summary>
    /// Names the report among those of the version: the same check has the same report. Names sort by the window's end. A window that has
    /// not ended is another check each time, and one that is asked for another than the timer's.
    /// </summary>
    public string Name() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Window.Until.UtcDateTime:yyyyMMdd'T'HH}-{(int)Window.Length.TotalHours}h-{Lower(Reference)}"
        )
        + (Likeness == DriftLikeness.Any ? "" : $"-{Lower(Likeness)}")
        + (AsOf is { } asOf ? asOf.UtcDateTime.ToString("'-at'HHmmss", CultureInfo.InvariantCulture) : "")
        + (Asked ? AskedSuffix : "");

    /// <summary>Whether a text may be the name of a report, so that it may be part of a path.</summary>
    public static bool IsName(string report) =>
        report.Length is > 0 and <= MaxName && report.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>Whether a report of this name is of a check that somebody asked for.</summary>
    public static bool IsAsked(string report) => report.EndsWith(AskedSuffix, StringComparison.Ordinal);

    /// <summary>
    /// As long a window before, which does not meet this one. Of hours that are alike it is whole days or weeks earlier: just before a
    /// Tuesday there is no other Tuesday.
    /// </summary>
    public DriftWindow Previous()
    {
        TimeSpan cycle = Likeness.Cycle();
        TimeSpan earlier = cycle == TimeSpan.Zero ? Window.Length : cycle * Math.Ceiling(Window.Length / cycle);
        return new DriftWindow(Window.From - earlier, Window.Until - earlier);
    }

    /// <summary>What the hours must be summarised of before the check, in their order.</summary>
    public IReadOnlyList<DriftWindow> Spans()
    {
        if (Reference != DriftReference.Previous)
        {
            return [Window];
        }
        DriftWindow before = Previous();
        return before.Until == Window.From ? [new DriftWindow(before.From, Window.Until)] : [before, Window];
    }

    /// <summary>
    /// What may pin itself: this window, or the whole day or week that ends with it, so that every later window finds its like there.
    /// </summary>
    public DriftWindow FirstReference() =>
        Likeness.Cycle() is { } cycle && cycle > Window.Length ? new DriftWindow(Window.Until - cycle, Window.Until) : Window;

    /// <summary>Whether a reference has the like of every hour.</summary>
    public bool IsCoveredBy(DriftWindow reference)
    {
        HashSet<(DayOfWeek? Day, int Hour)> there = [.. reference.Hours().Select(KeyOf)];
        return Likeness == DriftLikeness.Any || Window.Hours().All(hour => there.Contains(KeyOf(hour)));
    }

    /// <summary>The hours of a reference that may be compared; null for all.</summary>
    public Func<DateTimeOffset, bool>? HoursOfReference()
    {
        if (Likeness == DriftLikeness.Any)
        {
            return null;
        }
        HashSet<(DayOfWeek? Day, int Hour)> alike = [.. Window.Hours().Select(KeyOf)];
        return hour => alike.Contains(KeyOf(hour));
    }

    private (DayOfWeek? Day, int Hour) KeyOf(DateTimeOffset hour) =>
        (Likeness == DriftLikeness.HourOfWeek ? hour.UtcDateTime.DayOfWeek : null, hour.UtcDateTime.Hour);

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
