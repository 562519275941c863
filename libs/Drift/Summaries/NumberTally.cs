namespace Serverless.Drift.Summaries;

/// <summary>Moments of the values of one feature, exact and mergeable (Chan, Golub and LeVeque 1979).</summary>
/// <param name="Count">Finite values.</param>
/// <param name="Invalid">NaN and infinities.</param>
/// <param name="Squares">Of the deviations from the mean, their sum.</param>
public readonly record struct NumberTally(long Count, long Invalid, double Mean, double Squares, double Min, double Max)
{
    public NumberTally Add(double value) =>
        double.IsFinite(value) ? Merge(new NumberTally(1, 0, value, 0, value, value)) : this with { Invalid = Invalid + 1 };

    public NumberTally Merge(NumberTally other)
    {
        if (Count == 0 || other.Count == 0)
        {
            return (Count == 0 ? other : this) with { Invalid = Invalid + other.Invalid };
        }
        long count = Count + other.Count;
        double apart = other.Mean - Mean;
        return new NumberTally(
            count,
            Invalid + other.Invalid,
            Mean + (apart * other.Count / count),
            Squares + other.Squares + (apart * apart * Count * other.Count / count),
            Math.Min(Min, other.Min),
            Math.Max(Max, other.Max)
        );
    }
}
