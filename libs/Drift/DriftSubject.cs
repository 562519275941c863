using System.Text.Json.Serialization;

namespace Serverless.Drift;

/// <summary>What is watched: one version where it serves.</summary>
public sealed record DriftSubject(string Environment, string Model, int Version)
{
    public override string ToString() => $"{Model}/{Version} in {Environment}";
}

/// <summary>Whole hours, by UTC.</summary>
/// <param name="Until">Not included.</param>
public sealed record DriftWindow(DateTimeOffset From, DateTimeOffset Until)
{
    /// <summary>More is a reference that nobody needs; 744 hours are read in some seconds.</summary>
    public const int MaxHours = 31 * 24;

    [JsonIgnore]
    public TimeSpan Length => Until - From;

    public IEnumerable<DateTimeOffset> Hours()
    {
        for (DateTimeOffset hour = From; hour < Until; hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }

    /// <summary>Null of a window that may be asked for; else what is wrong with it.</summary>
    public string? Fault() =>
        !IsHour(From) || !IsHour(Until) ? $"The window is {From:O} to {Until:O}; expected are full hours of UTC."
        : Length <= TimeSpan.Zero || Length.TotalHours > MaxHours
            ? $"The window from {From:O} to {Until:O} has {Length.TotalHours:0.#} hours; allowed are 1 to {MaxHours}."
        : From < DateTimeOffset.UnixEpoch ? $"The window begins at {From:O}; allowed is 1970 or later."
        : null;

    /// <summary>The last window of so many hours that had ended at a time; windows follow each other without gaps since 1970.</summary>
    public static DriftWindow LastBefore(DateTimeOffset time, int hours)
    {
        long whole = time.ToUnixTimeSeconds() / 3600 / hours * hours;
        DateTimeOffset until = DateTimeOffset.FromUnixTimeSeconds(whole * 3600);
        return new DriftWindow(until.AddHours(-hours), until);
    }

    private static bool IsHour(DateTimeOffset time) => time.UtcTicks % TimeSpan.TicksPerHour == 0;
}
