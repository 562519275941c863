using System.Globalization;

namespace Serverless.Drift.Checks;

public enum DriftReference
{
    /// <summary>A window that somebody pinned; where nobody did, the first that has enough predictions pins itself.</summary>
    Pinned,

    /// <summary>As long a window just before.</summary>
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

/// <summary>What is to be checked.</summary>
/// <param name="AsOf">When it was asked for, of a window that had not ended by then; null of others.</param>
public sealed record DriftCheckRequest(
    DriftSubject Subject,
    DriftWindow Window,
    DriftReference Reference,
    DriftLikeness Likeness,
    DateTimeOffset? AsOf = null
)
{
    /// <summary>
    /// Names the report among those of the version: the same check has the same report. Names sort by the window's end. A window that has
    /// not ended is another check each time.
    /// </summary>
    public string Name() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Window.Until.UtcDateTime:yyyyMMdd'T'HH}-{(int)Window.Length.TotalHours}h-{Lower(Reference)}"
        )
        + (Likeness == DriftLikeness.Any ? "" : $"-{Lower(Likeness)}")
        + (AsOf is { } asOf ? asOf.UtcDateTime.ToString("'-at'HHmmss", CultureInfo.InvariantCulture) : "");

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
