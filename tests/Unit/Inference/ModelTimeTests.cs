using FsCheck;
using FsCheck.Fluent;
using Serverless.Inference;
using Xunit;

namespace Serverless.Unit.Inference;

public sealed class ModelTimeTests
{
    [Fact]
    public void Parts_AddUpToTheWhole()
    {
        Prop.ForAll<NonNegativeInt, NonNegativeInt, NonEmptyArray<NonNegativeInt>>(
                (processor, gpu, weights) =>
                {
                    ModelTime whole = new(TimeSpan.FromTicks(processor.Get), TimeSpan.FromTicks(gpu.Get));

                    ModelTime[] parts = whole.Divide([.. weights.Get.Select(weight => (long)weight.Get)]);

                    return parts.Aggregate((a, b) => a + b) == whole
                        && parts.All(part => part.Processor >= TimeSpan.Zero && part.Gpu >= TimeSpan.Zero);
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(new long[] { 1, 3 }, new double[] { 25, 75 })]
    [InlineData(new long[] { 0, 0 }, new double[] { 50, 50 })]
    [InlineData(new long[] { 5 }, new double[] { 100 })]
    [InlineData(new long[] { }, new double[] { })]
    public void EachPart_IsAsLargeAsItsWeight(long[] weights, double[] milliseconds)
    {
        ModelTime[] parts = new ModelTime(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100)).Divide(weights);

        Assert.Equal(milliseconds, parts.Select(part => part.Processor.TotalMilliseconds));
        Assert.Equal(milliseconds, parts.Select(part => part.Gpu.TotalMilliseconds));
    }
}
