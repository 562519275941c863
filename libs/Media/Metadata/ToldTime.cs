using System.Globalization;
using System.Text.RegularExpressions;

namespace Serverless.Media.Metadata;

/// <summary>Times as files tell them → ISO 8601: EXIF (CIPA DC-008, "2024:05:01 12:30:00"), XMP part 1 §8.2.1.1, IPTC IIM joined to
/// the same form.</summary>
internal static partial class ToldTime
{
    /// <summary>Null for what is no time.</summary>
    public static string? Read(string text)
    {
        if (Partial().IsMatch(text))
        {
            return text.StartsWith("0000", StringComparison.Ordinal) || text.EndsWith("-00", StringComparison.Ordinal) ? null : text;
        }
        Match match = Form().Match(text);
        if (!match.Success)
        {
            return null;
        }
        string date = $"{match.Groups["y"]}-{match.Groups["m"]}-{match.Groups["d"]}";
        if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            return null;
        }
        if (!match.Groups["h"].Success)
        {
            return date;
        }
        string seconds = match.Groups["s"].Success ? match.Groups["s"].Value : "00",
            time = $"{match.Groups["h"]}:{match.Groups["min"]}:{seconds}";
        return TimeOnly.TryParseExact(time, "HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            ? $"{date}T{time}{Offset(match.Groups["zone"].Value)}"
            : null;
    }

    private static string Offset(string zone) => zone.Length == 5 ? $"{zone[..3]}:{zone[3..]}" : zone;

    [GeneratedRegex(@"^[0-9]{4}(-(0[0-9]|1[0-2]))?$", RegexOptions.NonBacktracking)]
    private static partial Regex Partial();

    [GeneratedRegex(
        @"^(?<y>[0-9]{4})[-:](?<m>[0-9]{2})[-:](?<d>[0-9]{2})"
            + @"([T ](?<h>[0-9]{2}):(?<min>[0-9]{2})(:(?<s>[0-9]{2}))?(\.[0-9]{1,9})? ?(?<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex Form();
}
