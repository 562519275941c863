using Serverless.Statistics;
using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Metrics;

public sealed class DetectionTests
{
    [Theory]
    [InlineData(0, 0, 10, 10, 1)]
    [InlineData(5, 0, 10, 10, 50.0 / 150)]
    [InlineData(10, 0, 10, 10, 0)]
    public void Overlap_IsIntersectionOverUnion(double x, double y, double width, double height, double expected) =>
        Assert.Equal(expected, Box(0, 0, "a").Overlap(new LabelledBox(x, y, width, height, "a")), 12);

    /// <summary>
    /// By hand, label a: 3 wanted; found by score right, wrong, right: precision 1, 1/2, 2/3 at recall 1/3, 1/3, 2/3, so 1/3 + 2/3·1/3.
    /// Label b: 1 wanted, taken by the better of two boxes: 1.
    /// </summary>
    [Fact]
    public void MeanAveragePrecision_Matches_HandComputation()
    {
        LabelledBox[][] wanted =
        [
            [Box(0, 0, "a"), Box(50, 0, "a")],
            [Box(0, 0, "a"), Box(20, 20, "b")],
        ];
        DetectedBox[][] found =
        [
            [new(Box(1, 0, "a"), 0.9), new(Box(80, 0, "a"), 0.8)],
            [new(Box(0, 1, "a"), 0.7), new(Box(20, 21, "b"), 0.6), new(Box(21, 20, "b"), 0.5)],
        ];

        Metric precision = Detection.MeanAveragePrecision(wanted, found);

        Assert.Equal(((1.0 / 3) + (2.0 / 9) + 1) / 2, precision.Evaluate(), 12);
        Assert.Equal(0.5, precision.Of([0]).Evaluate(), 12);
    }

    private static LabelledBox Box(double x, double y, string label) => new(x, y, 10, 10, label);
}
