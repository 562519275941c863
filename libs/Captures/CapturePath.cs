using System.Globalization;

namespace Serverless.Captures;

/// <summary>
/// Where lines lie: <c>captures/{model}/{version}/{yyyy}/{MM}/{dd}/{HH}/{first}-{last}-{writer}-{sequence}.jsonl.gz</c>. First and last are
/// the times of the lines within the hour (mmssfff), so that a reader of a window opens no file in vain.
/// </summary>
/// <param name="Writer">The process that wrote it, which numbers its objects in the order in which it writes them.</param>
public sealed record CapturePath(string Path, DateTimeOffset First, DateTimeOffset Last, string Writer, long Sequence)
{
    public const string Prefix = "captures/";

    private const string TimeFormat = "mmssfff";
    private const string HourFormat = "yyyy'/'MM'/'dd'/'HH";

    public static string FolderOf(string model, int version, DateTimeOffset hour) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Prefix}{model}/{version}/{hour.UtcDateTime.ToString(HourFormat, CultureInfo.InvariantCulture)}/"
        );

    public static CapturePath Make(string model, int version, DateTimeOffset first, DateTimeOffset last, string writer, long sequence) =>
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{FolderOf(model, version, first)}{first.UtcDateTime:mmssfff}-{last.UtcDateTime:mmssfff}-{writer}-{sequence:D8}.jsonl.gz"
            ),
            first,
            last,
            writer,
            sequence
        );

    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcDateTime.Date.AddHours(time.UtcDateTime.Hour), TimeSpan.Zero);

    /// <summary>The hour that an object lies in by its path; null for one that is none of ours.</summary>
    public static DateTimeOffset? HourIn(string path) =>
        path.Split('/') is [_, _, _, var year, var month, var day, var hour, _]
        && DateTime.TryParseExact(
            $"{year}/{month}/{day}/{hour}",
            HourFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTime found
        )
            ? new DateTimeOffset(found, TimeSpan.Zero)
            : null;

    /// <summary>The version that an object is of by its path; null for one that is none of ours.</summary>
    public static (string Model, int Version)? VersionIn(string path) =>
        path.Split('/') is [_, var model, var number, _, _, _, _, _]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? (model, version)
            : null;

    /// <summary>Null for an object that is none of ours.</summary>
    public static CapturePath? Read(string path, DateTimeOffset hour)
    {
        string[] parts = path[(path.LastIndexOf('/') + 1)..].Split('-');
        return
            parts.Length == 4
            && TryRead(parts[0], hour, out DateTimeOffset first)
            && TryRead(parts[1], hour, out DateTimeOffset last)
            && long.TryParse(parts[3].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            ? new CapturePath(path, first, last, parts[2], sequence)
            : null;
    }

    private static bool TryRead(string text, DateTimeOffset hour, out DateTimeOffset time)
    {
        bool read = DateTime.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.NoCurrentDateDefault,
            out DateTime inHour
        );
        time = hour + inHour.TimeOfDay;
        return read;
    }
}
