namespace Serverless.Sizing.Costs;

/// <summary>What callers met at one rate.</summary>
/// <param name="Rate">Predictions a second.</param>
public sealed record MeasuredRate(double Rate, double P50Milliseconds, double P95Milliseconds, double P99Milliseconds, bool Kept);

/// <summary>How good a variant's answers are.</summary>
/// <param name="Metric">Its name; more is better.</param>
/// <param name="Low">The lower bound of its 95 % interval.</param>
public sealed record MeasuredAccuracy(string Metric, double Value, double Low, double High, int Items);

/// <summary>A model with one way to run it, measured.</summary>
/// <param name="Graph">The file of the package that was run.</param>
/// <param name="Provider">"CPU" or "CUDA".</param>
/// <param name="BatchItems">At most in one run.</param>
/// <param name="SingleMilliseconds">The median of one prediction alone.</param>
/// <param name="Saturated">Predictions a second when there are always more waiting.</param>
/// <param name="Rates">By rising rate.</param>
/// <param name="Accuracy">Null without a golden set.</param>
public sealed record MeasuredSetting(
    string Graph,
    string Provider,
    int Threads,
    int BatchItems,
    double LoadMilliseconds,
    double PeakMegabytes,
    double SingleMilliseconds,
    double Saturated,
    IReadOnlyList<MeasuredRate> Rates,
    MeasuredAccuracy? Accuracy
)
{
    /// <summary>The highest rate that was kept up with within a latency; null where none was.</summary>
    public MeasuredRate? Best(TimeSpan p95) =>
        Rates.Where(rate => rate.Kept && rate.P95Milliseconds <= p95.TotalMilliseconds).MaxBy(rate => rate.Rate);
}

/// <summary>What one machine did; kept as a file that the report of another machine can take in.</summary>
/// <param name="Kind">Its name in the price list; null where it is none of those.</param>
/// <param name="Absent">What could not be measured there, and why, a sentence each.</param>
public sealed record MachineMeasurements(
    string Model,
    string Digest,
    string? Kind,
    string Machine,
    int Cores,
    DateTimeOffset At,
    IReadOnlyList<string> Absent,
    IReadOnlyList<MeasuredSetting> Settings
)
{
    /// <exception cref="SizingInputException">A number cannot be.</exception>
    public void Check(string place)
    {
        if (Cores < 1)
        {
            throw new SizingInputException($"{place}: {Machine} has {Cores} cores; expected is 1 or more.");
        }
        foreach (MeasuredRate rate in Settings.SelectMany(setting => setting.Rates))
        {
            if (!(rate.Rate > 0 && double.IsFinite(rate.Rate) && rate.P95Milliseconds >= 0))
            {
                throw new SizingInputException(
                    FormattableString.Invariant(
                        $"{place}: {Machine} has {rate.Rate} predictions a second within {rate.P95Milliseconds} ms; "
                    ) + "expected are numbers above 0."
                );
            }
        }
    }
}
