using System.Globalization;
using System.Text.Json;

namespace Serverless.Sizing.Arrivals;

/// <summary>Arrivals that somebody recorded, in seconds from the first moment of the trace and in order.</summary>
/// <param name="Lasts">Until the end of the last interval, or the last arrival.</param>
public sealed record ArrivalTrace(IReadOnlyList<double> Seconds, TimeSpan Lasts)
{
    public const int MostArrivals = 5_000_000;

    private const double SecondsADay = 86_400;

    /// <summary>The time of day (UTC) of the first moment; midnight unless set.</summary>
    public TimeSpan Starts { get; init; }

    private const string Wanted =
        "expected is one a line: a time (ISO 8601, or seconds), or the start of an interval, a comma and how many arrived in it";

    public static ArrivalTrace Of(RateShape shape, int seed) => new([.. shape.Arrivals(seed).Select(at => at.TotalSeconds)], shape.Lasts);

    /// <summary>
    /// Reads times, or starts of intervals with counts; a first line that has no number in it is a heading. Those counted are spread evenly
    /// at random over their interval, as arrivals of a Poisson process with a known count are; the last interval is as long as the one
    /// before it.
    /// </summary>
    /// <exception cref="SizingInputException">A line is none, out of order, or too much.</exception>
    public static ArrivalTrace ParseCsv(string text, int seed)
    {
        List<(double At, double? Count, string Place)> rows = [];
        int number = 0;
        foreach (string line in text.Split('\n'))
        {
            number++;
            string[] cells = [.. line.Split(',').Select(cell => cell.Trim())];
            if (cells is [""] || (number == 1 && !cells.Any(cell => cell.Any(char.IsDigit))))
            {
                continue;
            }
            rows.Add(
                cells.Length <= 2 && TryReadTime(cells[0], out double at) && TryReadCount(cells.ElementAtOrDefault(1), out double? count)
                    ? (at, count, $"line {number}")
                    : throw new SizingInputException($"Line {number} of the trace is '{line.Trim()}'; {Wanted}.")
            );
        }
        return Make(rows, seed);
    }

    /// <summary>Reads an array of times, or of objects with "at" and "count".</summary>
    /// <exception cref="SizingInputException">It is none, out of order, or too much.</exception>
    public static ArrivalTrace ParseJson(string text, int seed)
    {
        List<(double At, double? Count, string Place)> rows = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            foreach (JsonElement item in document.RootElement.EnumerateArray())
            {
                bool isInterval = item.ValueKind == JsonValueKind.Object;
                JsonElement time = isInterval ? item.GetProperty("at") : item;
                double? count = isInterval ? item.GetProperty("count").GetDouble() : null;
                string written = time.ValueKind == JsonValueKind.String ? time.GetString()! : time.GetRawText();
                rows.Add(
                    TryReadTime(written, out double at) && (count is not { } number || IsCount(number))
                        ? (at, count, $"item {rows.Count + 1}")
                        : throw new SizingInputException($"Item {rows.Count + 1} of the trace is {item}; {Wanted}.")
                );
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SizingInputException(
                $"Item {rows.Count + 1} of the trace cannot be read ({e.Message}); expected is an array of times, or of objects with "
                    + "\"at\" and \"count\"."
            );
        }
        return Make(rows, seed);
    }

    private static ArrivalTrace Make(List<(double At, double? Count, string Place)> rows, int seed)
    {
        if (rows.Count == 0)
        {
            throw new SizingInputException($"The trace is empty; {Wanted}.");
        }
        for (int i = 1; i < rows.Count; i++)
        {
            if (rows[i].At < rows[i - 1].At || (rows[i].Count is not null && rows[i].At == rows[i - 1].At))
            {
                throw new SizingInputException($"The trace is out of order: {rows[i].Place} is not later than the one before it.");
            }
            if (rows[i].Count is null != rows[0].Count is null)
            {
                throw new SizingInputException($"The trace mixes times and counts: {rows[i].Place} is of the other kind.");
            }
        }
        double all = rows.Sum(row => row.Count ?? 1);
        if (!(all > 0 && all <= MostArrivals))
        {
            throw new SizingInputException($"The trace has {all:0} arrivals; expected are 1 to {MostArrivals}.");
        }
        double length = rows[^1].At - rows[0].At;
        if (!(length <= RateShape.Longest.TotalSeconds))
        {
            throw new SizingInputException(
                FormattableString.Invariant(
                    $"The trace goes over {length / SecondsADay:0.#} days; expected are at most {RateShape.Longest.TotalDays:0}. "
                ) + "Numbers are seconds, not milliseconds."
            );
        }
        ArrivalTrace made = rows[0].Count is null
            ? new ArrivalTrace([.. rows.Select(row => row.At - rows[0].At)], TimeSpan.FromSeconds(length))
            : Spread(rows, seed);
        return made with { Starts = TimeSpan.FromSeconds(rows[0].At - (Math.Floor(rows[0].At / SecondsADay) * SecondsADay)) };
    }

    private static ArrivalTrace Spread(List<(double At, double? Count, string Place)> rows, int seed)
    {
        if (rows.Count < 2)
        {
            throw new SizingInputException(
                "The trace has one interval; expected are two or more, from which the length of the last is known."
            );
        }
        Random random = new(seed);
        List<double> seconds = [];
        double length = 0;
        for (int i = 0; i < rows.Count; i++)
        {
            length = i + 1 < rows.Count ? rows[i + 1].At - rows[i].At : length;
            double start = rows[i].At - rows[0].At;
            double[] within =
            [
                .. Enumerable.Range(0, (int)rows[i].Count!.Value).Select(_ => start + (random.NextDouble() * length)).Order(),
            ];
            seconds.AddRange(within);
        }
        return new ArrivalTrace(seconds, TimeSpan.FromSeconds(rows[^1].At - rows[0].At + length));
    }

    private static bool TryReadTime(string text, out double seconds)
    {
        if (Numbers.TryRead(text, out seconds))
        {
            return true;
        }
        const DateTimeStyles universal = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        bool isTime = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, universal, out DateTimeOffset time);
        seconds = isTime ? (time - DateTimeOffset.UnixEpoch).TotalSeconds : 0;
        return isTime;
    }

    private static bool TryReadCount(string? text, out double? count)
    {
        count = null;
        if (text is null)
        {
            return true;
        }
        bool isCount = Numbers.TryRead(text, out double number) && IsCount(number);
        count = number;
        return isCount;
    }

    private static bool IsCount(double number) => number >= 0 && number == Math.Floor(number);
}
