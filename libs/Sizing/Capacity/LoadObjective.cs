using System.Globalization;
using Serverless.Sizing.Arrivals;
using Serverless.Statistics.Sequential;

namespace Serverless.Sizing.Capacity;

/// <summary>What callers of a service are promised.</summary>
/// <param name="Share">Of the requests, 0.5 to 0.9999.</param>
/// <param name="Within">In which that share is to be answered, counted from when each was due.</param>
/// <param name="Errors">The share of requests that may fail, 0 to 1.</param>
public sealed record LoadObjective(double Share, TimeSpan Within, double Errors)
{
    /// <exception cref="SizingInputException">A value is out of its bounds.</exception>
    public static LoadObjective Of(double percentile, TimeSpan within, double errors)
    {
        if (!(percentile is >= 50 and <= 99.99))
        {
            throw new SizingInputException($"The percentile is {percentile}; expected is 50 to 99.99.");
        }
        return errors is >= 0 and <= 1
            ? new LoadObjective(percentile / 100, within, errors)
            : throw new SizingInputException($"The share of errors is {errors}; expected is 0 to 1.");
    }

    /// <summary>Null where it is kept; else a sentence for each part that is not.</summary>
    /// <param name="latencies">Of the requests that were answered.</param>
    public string? Broken(LatencyHistogram latencies, long failed)
    {
        long answered = latencies.Total;
        double share = failed / (double)Math.Max(1, answered + failed);
        List<string> broken = [];
        if (share > Errors)
        {
            broken.Add(Say($"{100 * share:0.##} % failed, allowed are {100 * Errors:0.##} %"));
        }
        if (answered == 0)
        {
            broken.Add("nothing was answered");
        }
        else if (latencies.Quantile(Share) is var found && found > Within.TotalMilliseconds)
        {
            broken.Add(
                Say($"p{100 * Share:0.##} is {Durations.Say(TimeSpan.FromMilliseconds(found))}, allowed are {Durations.Say(Within)}")
            );
        }
        return broken.Count == 0 ? null : string.Join("; ", broken);
    }

    public override string ToString() => Say($"p{100 * Share:0.##} within {Durations.Say(Within)}, at most {100 * Errors:0.##} % failed");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
