using Serverless.Inference.Text;
using Xunit;

namespace Serverless.Unit.Inference.Text;

public sealed class LengthBucketTests
{
    [Theory]
    [
        InlineData(1, 16),
        InlineData(16, 16),
        InlineData(17, 24),
        InlineData(24, 24),
        InlineData(25, 32),
        InlineData(32, 32),
        InlineData(33, 48)
    ]
    [InlineData(49, 64), InlineData(512, 512), InlineData(513, 768), InlineData(32_768, 32_768)]
    public void Of_IsTheNextStep_OfTwoInEachOctave(int length, int bucket) => Assert.Equal(bucket, LengthBucket.Of(length));

    [Fact]
    public void Of_WastesAtMostAThird() =>
        Assert.All(Enumerable.Range(17, 5_000), length => Assert.InRange(LengthBucket.Of(length), length, length * 3 / 2));
}
