using Serverless.Drift.Checks;
using Serverless.Statistics.Intervals;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class QualityComparisonTests
{
    private static readonly ValidatedQuality Validated = new(
        "v1/report.json",
        "accuracy",
        new Interval(0.9, 0.85, 0.94),
        "digest",
        "models/m",
        DateTimeOffset.UnixEpoch
    );

    [Theory]
    [InlineData(0.70, 0.60, 0.84, QualityVerdict.Worse)]
    [InlineData(0.80, 0.72, 0.86, QualityVerdict.AsValidated)] // the intervals meet
    [InlineData(0.99, 0.97, 1.00, QualityVerdict.AsValidated)] // better is no fault
    public void Labels_AreHeldAgainstTheInterval(double value, double low, double high, QualityVerdict verdict)
    {
        Interval found = new(value, low, high);

        QualityComparison compared = QualityComparison.Of(Validated, new DriftQuality(100, found, null, null));

        Assert.Equal((verdict, found), (compared.Verdict, compared.Found!.Value));
    }

    /// <summary>A rare label that is never found any more hardly moves the accuracy.</summary>
    [Theory]
    [InlineData(200, 0.60, QualityVerdict.Worse)]
    [InlineData(200, 0.82, QualityVerdict.AsValidated)]
    [InlineData(20, 0.60, QualityVerdict.AsValidated)] // too few to judge by
    public void MacroF1_IsHeldAgainstTheInterval(int joined, double high, QualityVerdict verdict)
    {
        LabelQuality labels = new(joined, new Interval(0.5, 0.4, high), [], 0);

        QualityComparison compared = QualityComparison.Of(
            Validated with
            {
                MacroF1 = new Interval(0.8, 0.7, 0.9),
            },
            new DriftQuality(joined, new Interval(0.9, 0.88, 0.92), null, null, labels)
        );

        Assert.Equal(verdict, compared.Verdict);
        Assert.Equal(joined >= LabelQuality.MinJudged, compared.FoundF1 is not null);
    }

    [Fact]
    public void WithoutLabels_OrByAnotherMetric_NothingIsSaid()
    {
        DriftQuality labelled = new(100, new Interval(0.1, 0, 0.2), null, null);

        QualityComparison unlabelled = QualityComparison.Of(Validated, new DriftQuality(0, null, 0.5, null)),
            other = QualityComparison.Of(Validated with { Metric = "ndcg" }, labelled);

        Assert.Equal((QualityVerdict.NotEnoughLabels, null), (unlabelled.Verdict, unlabelled.Found));
        Assert.Equal((QualityVerdict.NotEnoughLabels, null), (other.Verdict, other.Found));
    }
}
