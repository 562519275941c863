using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Orchestrations.Operations;
using Xunit;

namespace Serverless.Unit.Orchestrations.Operations;

public sealed class RunActsTests
{
    private readonly Mock<DurableTaskClient> _client = new("client");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public RunActsTests() => SetHistory("run-1");

    /// <summary>As the official client answers on a run that somebody has purged since it was looked at.</summary>
    [Theory]
    [InlineData(RunAct.Suspend, OrchestrationRuntimeStatus.Running)]
    [InlineData(RunAct.Resume, OrchestrationRuntimeStatus.Suspended)]
    [InlineData(RunAct.Terminate, OrchestrationRuntimeStatus.Running)]
    public async Task Act_OnARunThatIsGoneMeanwhile_IsRefusedAsMissing(RunAct act, OrchestrationRuntimeStatus status)
    {
        RpcException gone = new(new Status(StatusCode.NotFound, "No instance with ID 'run-1' was found."));
        _client.Setup(one => one.SuspendInstanceAsync("run-1", It.IsAny<string>(), Cancellation)).ThrowsAsync(gone);
        _client.Setup(one => one.ResumeInstanceAsync("run-1", It.IsAny<string>(), Cancellation)).ThrowsAsync(gone);
        _client.Setup(one => one.TerminateInstanceAsync("run-1", It.IsAny<object>(), Cancellation)).ThrowsAsync(gone);

        RunActException fault = await Assert.ThrowsAsync<RunActException>(() =>
            _client.Object.ActAsync(act, Run("run-1", status), "ana: a test", Cancellation)
        );

        Assert.Equal(RunActFault.Missing, fault.Fault);
        Assert.Contains("'run-1' is gone", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_OfARunWhoseChildIsGoneMeanwhile_EndsTheRun()
    {
        SetHistory("run-1", new SubOrchestrationInstanceCreatedEvent(0) { InstanceId = "child" });
        SetHistory("child");
        _client.Setup(one => one.GetInstanceAsync("child", Cancellation)).ReturnsAsync(Run("child", OrchestrationRuntimeStatus.Running));
        _client
            .Setup(one => one.TerminateInstanceAsync("child", It.IsAny<object>(), Cancellation))
            .ThrowsAsync(new RpcException(new Status(StatusCode.NotFound, "")));

        await _client.Object.ActAsync(RunAct.Terminate, Run("run-1", OrchestrationRuntimeStatus.Running), "ana: a test", Cancellation);

        _client.Verify(one => one.TerminateInstanceAsync("run-1", It.IsAny<object>(), Cancellation));
        _client.Verify(one => one.TerminateInstanceAsync("child", It.IsAny<object>(), Cancellation));
    }

    private void SetHistory(string id, params HistoryEvent[] history) =>
        _client.Setup(one => one.GetOrchestrationHistoryAsync(id, It.IsAny<CancellationToken>())).ReturnsAsync(history);

    private static OrchestrationMetadata Run(string id, OrchestrationRuntimeStatus status) =>
        new("ReviseAsset", id) { RuntimeStatus = status };
}
