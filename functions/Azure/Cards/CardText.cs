using System.Globalization;
using Serverless.Cards;
using Serverless.Statistics.Intervals;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Values as cards write them; null of what is not recorded.</summary>
internal static class CardText
{
    /// <summary>In a table; older ones are left out, and the caption says so.</summary>
    public const int MaxRows = 100;

    public static CardFact Fact(string name, string? value) => new(name, string.IsNullOrWhiteSpace(value) ? null : value);

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string? Of(Interval? interval) =>
        interval is { } found ? $"{Number(found.Value)} ({Number(found.Low)} to {Number(found.High)})" : null;

    public static string Megabytes(long bytes) => $"{Number(Math.Ceiling(bytes / 1e5) / 10)} MB";

    public static string? List(IReadOnlyCollection<string>? values, int most = 50)
    {
        if (values is not { Count: > 0 })
        {
            return null;
        }
        string first = string.Join(", ", values.Take(most));
        return values.Count > most ? $"{first} and {values.Count - most} more" : first;
    }
}
