using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Comparisons;

public sealed class LossTestsTests
{
    /// <summary>By hand: (1 + 10 + 45) / 1024, 1 / 1024, and no difference at all.</summary>
    [Theory]
    [InlineData(8, 2, 56.0 / 1024)]
    [InlineData(10, 0, 1.0 / 1024)]
    [InlineData(0, 0, 1)]
    [InlineData(2_000, 2_000, 0.50631)]
    public void McNemar_Matches_TheBinomialTail(int worse, int better, double expected) =>
        Assert.Equal(expected, LossTests.McNemar(worse, better), 5);

    [Fact]
    public void Randomization_OfRightAndWrongAnswers_AgreesWithMcNemar()
    {
        string[] wanted = [.. Enumerable.Repeat("a", 40)];
        IEnumerable<string?> candidate = Enumerable.Range(0, 40).Select(i => i < 8 ? "b" : "a");
        IEnumerable<string?> serving = Enumerable.Range(0, 40).Select(i => i is 10 or 11 ? "b" : "a");
        PairedMetric metric = new(Classification.Accuracy([.. wanted, .. wanted], [.. candidate, .. serving]));

        double p = LossTests.Randomization(metric, [.. Enumerable.Range(0, 40)], 4_000, seed: 1);

        Assert.Equal(LossTests.McNemar(8, 2), p, 0.01);
    }

    /// <summary>The example of Holm's step-down procedure worked out by hand.</summary>
    [Fact]
    public void Holm_Matches_HandComputation()
    {
        double[] adjusted = Multiplicity.Holm([0.01, 0.04, 0.03, 0.005]);

        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
    }

    /// <summary>
    /// By hand: 4·0.005 / 1, 4·0.01 / 2, 4·0.03 / 3 and 4·0.04 / 4, each at most the next; two that are equal share theirs.
    /// </summary>
    [Fact]
    public void BenjaminiHochberg_Matches_HandComputation()
    {
        double[] adjusted = Multiplicity.BenjaminiHochberg([0.01, 0.04, 0.03, 0.005]);

        Assert.Equal([0.02, 0.04, 0.04, 0.02], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Equal([0.3, 1, 0.3], Multiplicity.BenjaminiHochberg([0.2, 1, 0.2]).Select(p => Math.Round(p, 12)));
        Assert.Empty(Multiplicity.BenjaminiHochberg([]));
    }
}
