using Grpc.Core;
using Microsoft.DurableTask.Client;
using Moq;
using Serverless.Functions.Azure.Health;
using Serverless.Ingest.Health;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Health;

public sealed class RunStoreHealthTests
{
    /// <summary>A strict client: whatever reads would be answered by a store on a full disk too.</summary>
    [Fact]
    public async Task AStoreThatTakesNoWrites_IsFound_UntilItTakesThem()
    {
        bool isFull = true;
        Mock<DurableTaskClient> client = new(MockBehavior.Strict, "runs");
        client
            .Setup(one => one.PurgeInstanceAsync(It.IsAny<string>(), It.IsAny<CancellationToken>()))
            .Returns(() =>
                isFull
                    ? Task.FromException<PurgeResult>(new RpcException(new Status(StatusCode.Unknown, "Exception was thrown by handler.")))
                    : Task.FromResult(new PurgeResult(0))
            );
        RunStoreHealth health = new(new HealthOptions(), TimeProvider.System);

        HealthFinding? full = await health.FaultAsync(client.Object, TestContext.Current.CancellationToken);
        isFull = false;

        Assert.Equal("run store", full?.Thing);
        Assert.Null(await health.FaultAsync(client.Object, TestContext.Current.CancellationToken));
    }
}
