using System.Globalization;
using System.Text.Json;

namespace Serverless.Media.Video;

/// <summary>When a film begins and ends, out of ffprobe's answer. Players count from the first picture or sound of the container.</summary>
/// <param name="Zero">Timestamp at which that clock stands at zero.</param>
/// <param name="End">Of the pictures on that clock, or else of the container; null where the header tells neither.</param>
/// <param name="IsOfPictures">Whether it is theirs; if not, something else may last longer.</param>
internal sealed record VideoClock(TimeSpan Zero, TimeSpan? End, bool IsOfPictures)
{
    public static VideoClock Read(JsonElement answer, JsonElement film, bool isMatroska)
    {
        JsonElement[] others =
        [
            .. answer.GetProperty("streams").EnumerateArray().Where(stream => Index(stream) != Index(film) && !VideoProbe.IsCover(stream)),
        ];
        TimeSpan start = Start(film) ?? TimeSpan.Zero,
            zero = others.Where(IsSound).Select(Start).Append(start).Min() ?? start;
        if (zero < TimeSpan.Zero && start > zero)
        {
            zero = start < TimeSpan.Zero ? start : TimeSpan.Zero; // what a sound decoder needs to get going is not heard
        }

        TimeSpan? whole = answer.TryGetProperty("format", out JsonElement format) ? Seconds(VideoProbe.Text(format, "duration")) : null,
            own = isMatroska ? Tag(film) : Seconds(VideoProbe.Text(film, "duration"));
        TimeSpan? containerEnd = isMatroska ? OnClock(whole, zero, zero) : whole,
            picturesEnd = isMatroska ? OnClock(own, start, zero) : start - zero + own;
        return new VideoClock(zero, picturesEnd ?? containerEnd, picturesEnd is not null || others.Length == 0);
    }

    // Matroska calls it a duration; most writers put down the last timestamp, and some the length from the first (mkvmerge).
    private static TimeSpan? OnClock(TimeSpan? told, TimeSpan start, TimeSpan zero) => told > start ? told - zero : start - zero + told;

    private static int Index(JsonElement stream) => VideoProbe.Number(stream, "index");

    private static bool IsSound(JsonElement stream) => VideoProbe.Text(stream, "codec_type") == "audio";

    private static TimeSpan? Start(JsonElement stream) => Seconds(VideoProbe.Text(stream, "start_time"));

    private static TimeSpan? Tag(JsonElement film) =>
        film.TryGetProperty("tags", out JsonElement tags) ? HoursMinutesSeconds(VideoProbe.Text(tags, "DURATION")) : null;

    // TimeSpan reads no hours beyond 23.
    private static TimeSpan? HoursMinutesSeconds(string? text) =>
        text?.Split(':') is [string hours, string minutes, string seconds]
        && int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out int h)
        && int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out int m)
        && Seconds(seconds) is { } rest
            ? TimeSpan.FromMinutes(60L * h + m) + rest
            : null;

    /// <summary>Null for what is no number or beyond all reason.</summary>
    public static TimeSpan? Seconds(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && Math.Abs(seconds) < 1e9
            ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))
            : null;
}
