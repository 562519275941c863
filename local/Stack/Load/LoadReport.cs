namespace Serverless.Local.Stack.Load;

/// <summary>One request of a load.</summary>
/// <param name="Due">When it was to leave, from the start of the load.</param>
/// <param name="Left">When it left, from the start of the load: later than due where the generator could not keep up.</param>
/// <param name="Answered">When its answer was there, from the start of the load.</param>
/// <param name="Status">The HTTP status; 0 where no answer came.</param>
/// <param name="Answer">The body; why none came where none came.</param>
/// <param name="Tries">How often it was sent: more than once where no host was there.</param>
public sealed record LoadSample(TimeSpan Due, TimeSpan Left, TimeSpan Answered, int Status, string Answer, int Tries)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public TimeSpan Latency => Answered - Due;

    public bool Overlaps(TimeSpan from, TimeSpan to) => Answered >= from && Due <= to;
}

/// <summary>What a load found, in the order in which the requests were due.</summary>
public sealed record LoadReport(DateTimeOffset Began, IReadOnlyList<LoadSample> Samples)
{
    public IEnumerable<LoadSample> Failures => Samples.Where(sample => !sample.Succeeded);

    /// <summary>The latency that this share of the successful requests stays under.</summary>
    public TimeSpan Latency(double share)
    {
        TimeSpan[] latencies = [.. Samples.Where(sample => sample.Succeeded).Select(sample => sample.Latency).Order()];
        return latencies.Length == 0 ? TimeSpan.Zero : latencies[Math.Min(latencies.Length - 1, (int)(share * latencies.Length))];
    }

    /// <summary>The longest time, from the first request on, in which no request succeeded.</summary>
    public TimeSpan LongestGap()
    {
        TimeSpan longest = TimeSpan.Zero,
            last = Samples.Count == 0 ? TimeSpan.Zero : Samples[0].Due;
        foreach (TimeSpan answered in Samples.Where(sample => sample.Succeeded).Select(sample => sample.Answered).Order())
        {
            longest = answered - last > longest ? answered - last : longest;
            last = answered;
        }
        return longest;
    }

    /// <summary>The part between two moments, by when the requests were due.</summary>
    public LoadReport Between(TimeSpan from, TimeSpan to) =>
        this with
        {
            Samples = [.. Samples.Where(sample => sample.Due >= from && sample.Due < to)],
        };

    /// <summary>Without the requests that were under way at any moment of a time.</summary>
    public LoadReport Outside(TimeSpan from, TimeSpan to) =>
        this with
        {
            Samples = [.. Samples.Where(sample => !sample.Overlaps(from, to))],
        };
}
