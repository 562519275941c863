using Serverless.Local.Host.Worker;
using Xunit;

namespace Serverless.Unit.Local.Host.Worker;

public sealed class WorkerSupervisorTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    [InlineData(20, 30)]
    public void PauseAfter_Failures_GrowsToHalfAMinute(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), WorkerSupervisor.PauseAfter(failures));
}
