using Serverless.Drift.Checks;
using Xunit;

namespace Serverless.Unit.Drift.Checks;

public sealed class NumberComparisonTests
{
    /// <summary>Scores near 1 were all called "1", and a picture's bytes "4.924E+04".</summary>
    [Theory]
    [InlineData(new[] { 0.5, 0.99996, 0.99998 }, new[] { "≤ 0.5", "≤ 0.99996", "≤ 0.99998", "> 0.99998" })]
    [InlineData(new[] { 0.1, 0.25 }, new[] { "≤ 0.1", "≤ 0.25", "> 0.25" })]
    [InlineData(new[] { 49_243.0, 1_234_567 }, new[] { "≤ 49240", "≤ 1235000", "> 1235000" })]
    [InlineData(new double[0], new[] { "all" })]
    public void Ranges_AreToldApart_ByAsFewDigitsAsDo(double[] edges, string[] names) =>
        Assert.Equal(names, NumberComparison.RangesOf(edges));

    [Fact]
    public void AValueWithARangeOfItsOwn_IsNamedByIt() =>
        Assert.Equal(["< 1", "1", "> 1"], NumberComparison.RangesOf([double.BitDecrement(1), 1]));
}
