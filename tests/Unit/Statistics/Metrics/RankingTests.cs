using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Metrics;

public sealed class RankingTests
{
    private static readonly double[] Relevance = [10, 0, 0, 1, 5];

    /// <summary>
    /// The examples of scikit-learn's documentation (metrics.ndcg_score, 1.5), which prints 0.69…, 0.49…, 0.35… and 0.75.
    /// </summary>
    [Theory]
    [InlineData(new[] { .1, .2, .3, 4, 70 }, 5, 0.6956940443813076)]
    [InlineData(new[] { .05, 1.1, 1, .5, 0 }, 5, 0.4936802624141106)]
    [InlineData(new[] { .05, 1.1, 1, .5, 0 }, 4, 0.3520242450410406)]
    [InlineData(new[] { 1.0, 0, 0, 0, 1 }, 1, 0.75)]
    public void NormalizedGain_Matches_ScikitLearn_OnItsExamples(double[] scores, int k, double expected) =>
        Assert.Equal(expected, Ranking.NormalizedGain(scores, Relevance, k), 2);

    /// <summary>By hand: 5 + 1/log2(3) + 10/log2(6) over 10 + 5/log2(3) + 1/2.</summary>
    [Fact]
    public void NormalizedGain_Matches_HandComputation() =>
        Assert.Equal(
            (5 + (1 / Math.Log2(3)) + (10 / Math.Log2(6))) / (10 + (5 / Math.Log2(3)) + 0.5),
            Ranking.NormalizedGain([.1, .2, .3, 4, 70], Relevance, 10),
            12
        );

    [Fact]
    public void NormalizedGain_WithScoresThatAreNoNumbers_IsZero() => Assert.Equal(0, Ranking.NormalizedGain([double.NaN, 1], [1, 0], 10));

    [Fact]
    public void NormalizedGain_OfAQueryThatWasNotAnswered_CountsZero() =>
        Assert.Equal(
            0.5,
            Ranking
                .NormalizedGain(
                    [
                        [1, 0],
                        null,
                    ],
                    [
                        [1, 0],
                        [1, 0],
                    ],
                    10
                )
                .Evaluate()
        );
}
