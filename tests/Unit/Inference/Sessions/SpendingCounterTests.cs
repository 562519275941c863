using Serverless.Inference.Sessions;
using Xunit;

namespace Serverless.Unit.Inference.Sessions;

public sealed class SpendingCounterTests
{
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 6)]
    public void HeldTime_IsTheGpusWhereThereIsOne(bool isOnGpu, int gpuSeconds)
    {
        SpendingCounter counter = new("m", "1", isOnGpu);

        counter.Add(2, new RunSpending(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
        counter.Add(5, new RunSpending(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));

        Assert.Equal(new("m", "1", 7, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(gpuSeconds)), counter.Read());
    }
}
