using Serverless.Statistics.Metrics;
using Xunit;

namespace Serverless.Unit.Statistics.Metrics;

public sealed class SimilarityTests
{
    [Theory]
    [InlineData(new float[] { 1, 0 }, new float[] { 2, 2 }, 0.70710678)]
    [InlineData(new float[] { 1, 2 }, new float[] { -2, -4 }, -1)]
    [InlineData(new float[] { 0, 0 }, new float[] { 1, 1 }, 0)]
    [InlineData(new float[] { float.NaN, 0 }, new float[] { 1, 1 }, 0)]
    public void Cosine_Matches_HandComputation(float[] a, float[] b, double expected) => Assert.Equal(expected, Similarity.Cosine(a, b), 7);
}
