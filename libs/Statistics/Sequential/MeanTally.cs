using System.Text.Json.Serialization;

namespace Serverless.Statistics.Sequential;

/// <summary>
/// Count, mean and spread of numbers as they come (Welford 1962). Immutable; adds up over instances (Chan, Golub, LeVeque 1979).
/// </summary>
public readonly record struct MeanTally(long Count, double Mean, double SumOfSquares)
{
    [JsonIgnore]
    public double Variance => Count < 2 ? 0 : SumOfSquares / (Count - 1);

    public MeanTally Add(double value)
    {
        double delta = value - Mean;
        double mean = Mean + (delta / (Count + 1));
        return new MeanTally(Count + 1, mean, SumOfSquares + (delta * (value - mean)));
    }
}
