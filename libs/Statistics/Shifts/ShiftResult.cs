namespace Serverless.Statistics.Shifts;

public enum ShiftVerdict
{
    /// <summary>The windows are too small for the test to show anything: neither a shift nor that there is none.</summary>
    NotEnoughData,

    /// <summary>So large a difference comes by chance more often than the level says.</summary>
    NotShown,

    /// <summary>The two windows are not draws of one distribution, but for a chance of the level.</summary>
    Shown,
}

/// <summary>What a test of "reference and current window are draws of one distribution" found.</summary>
/// <param name="P">How likely so large a statistic is under that hypothesis; null where there is not enough data, and then the other two
/// are 0.</param>
/// <param name="Effect">How large the difference is whatever the number of values; each test says its unit.</param>
public readonly record struct ShiftResult(double Statistic, double? P, double Effect)
{
    public static ShiftResult NotEnoughData => default;

    /// <summary>Where all values are one value there is nothing that could differ.</summary>
    internal static ShiftResult NoDifference => new(0, 1, 0);

    /// <param name="alpha">The level: how often a difference may be called a shift by chance.</param>
    public ShiftVerdict Judge(double alpha) =>
        P is not double p ? ShiftVerdict.NotEnoughData
        : p <= alpha ? ShiftVerdict.Shown
        : ShiftVerdict.NotShown;
}
