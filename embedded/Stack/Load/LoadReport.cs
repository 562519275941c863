namespace Serverless.Embedded.Stack.Load;

/// <summary>One request of a load.</summary>
/// <param name="Due">When it was to leave, from the start of the load.</param>
/// <param name="Answered">When its answer was there, from the start of the load.</param>
/// <param name="Status">The HTTP status; 0 where no answer came.</param>
/// <param name="Answer">The body; why none came where none came.</param>
public sealed record LoadSample(TimeSpan Due, TimeSpan Answered, int Status, string Answer)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public TimeSpan Latency => Answered - Due;
}

/// <summary>What a load found, in the order in which the requests were due.</summary>
public sealed record LoadReport(IReadOnlyList<LoadSample> Samples)
{
    public IEnumerable<LoadSample> Failures => Samples.Where(sample => !sample.Succeeded);

    /// <summary>The latency that this share of the successful requests stays under.</summary>
    public TimeSpan Latency(double share)
    {
        TimeSpan[] latencies = [.. Samples.Where(sample => sample.Succeeded).Select(sample => sample.Latency).Order()];
        return latencies.Length == 0 ? TimeSpan.Zero : latencies[Math.Min(latencies.Length - 1, (int)(share * latencies.Length))];
    }

    /// <summary>The longest time in which no request succeeded.</summary>
    public TimeSpan LongestGap()
    {
        TimeSpan longest = TimeSpan.Zero, last = TimeSpan.Zero;
        foreach (TimeSpan answered in Samples.Where(sample => sample.Succeeded).Select(sample => sample.Answered).Order())
        {
            longest = answered - last > longest ? answered - last : longest;
            last = answered;
        }
        return longest;
    }

    /// <summary>The part between two moments, by when the requests were due.</summary>
    public LoadReport Between(TimeSpan from, TimeSpan to) => new([.. Samples.Where(sample => sample.Due >= from && sample.Due < to)]);
}
