using System.Globalization;

namespace Serverless.Sizing.Arrivals;

/// <summary>Times as people type them: 250ms, 30s, 5m, 2h, 1d.</summary>
public static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <param name="what">Names the value in the message.</param>
    /// <exception cref="SizingInputException">It is no time above 0 and up to 366 days.</exception>
    public static TimeSpan Parse(string what, string text)
    {
        string given = text.Trim();
        (string unit, TimeSpan length) = Units.FirstOrDefault(one => given.EndsWith(one.Unit, StringComparison.Ordinal));
        if (
            unit is not null
            && Numbers.TryRead(given.AsSpan(0, given.Length - unit.Length), out double number)
            && number > 0
            && number <= Longest / length
            && length * number is var found
            && found > TimeSpan.Zero
        )
        {
            return found;
        }
        throw new SizingInputException($"{what} is '{text}'; expected is a time such as 250ms, 30s, 5m, 2h or 1d.");
    }

    /// <summary>In the largest unit of which there is at least one.</summary>
    public static string Say(TimeSpan time)
    {
        (string unit, TimeSpan length) = Units.LastOrDefault(one => time >= one.Length, Units[0]);
        return string.Create(CultureInfo.InvariantCulture, $"{time / length:0.##} {(unit == "m" ? "min" : unit)}");
    }
}
