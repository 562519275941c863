using Serverless.Statistics.Intervals;

namespace Serverless.Statistics.Comparisons;

public enum ComparisonVerdict
{
    /// <summary>A loss of the margin or more is ruled out.</summary>
    NotWorse,

    /// <summary>The items are too few to rule a loss of the margin out, and to show one.</summary>
    NotShown,

    /// <summary>A loss is shown, and one of the margin is not ruled out.</summary>
    Worse,
}

/// <summary>
/// Whether a candidate is not worse than what serves by the margin or more: the lower bound of the difference's two-sided 95 % interval
/// must lie above the negative margin (ICH E9, 1998, section 3.3.2: a one-sided test at 2.5 %).
/// </summary>
public static class NonInferiority
{
    public static ComparisonVerdict Judge(Interval difference, double margin) =>
        difference.Low > -margin ? ComparisonVerdict.NotWorse
        : difference.High < 0 ? ComparisonVerdict.Worse
        : ComparisonVerdict.NotShown;
}
