using Azure.Storage.Blobs;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Serverless.Functions.Azure.Triggers;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

public sealed class BlobArrivedFunctionTests(SharedServers servers)
{
    private static readonly RpcException Away = new(new Status(StatusCode.Unavailable, "the run store is away"));

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly Mock<DurableTaskClient> _client = new("client");

    private int Started =>
        _client.Invocations.Count(call => call.Method.Name == nameof(DurableTaskClient.ScheduleNewOrchestrationInstanceAsync));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARunStoreThatIsAwayForAWhile_IsWaitedFor()
    {
        Queue<Exception?> answers = new([Away, Away, null]);
        Starts().Returns(() => answers.Dequeue() is { } fault ? Task.FromException<string>(fault) : Task.FromResult("run"));

        await RunAsync();

        Assert.Empty(answers);
    }

    /// <summary>Then the host takes it up again.</summary>
    [Fact]
    public async Task ARunStoreThatStaysAway_FailsTheTrigger_AfterAMinute()
    {
        Starts().ThrowsAsync(Away);

        RpcException fault = await Assert.ThrowsAsync<RpcException>(RunAsync);

        Assert.Same(Away, fault);
        Assert.Equal(7, Started);
        Assert.True(_time.GetUtcNow() - DateTimeOffset.UnixEpoch >= TimeSpan.FromSeconds(63));
    }

    [Fact]
    public async Task AnotherFault_IsNotWaitedFor()
    {
        Starts().ThrowsAsync(new ArgumentException("it is asked wrongly"));

        await Assert.ThrowsAsync<ArgumentException>(RunAsync);

        Assert.Equal(1, Started);
    }

    private Moq.Language.Flow.ISetup<DurableTaskClient, Task<string>> Starts() =>
        _client.Setup(client =>
            client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<TaskName>(),
                It.IsAny<object>(),
                It.IsAny<StartOrchestrationOptions>(),
                It.IsAny<CancellationToken>()
            )
        );

    private async Task RunAsync()
    {
        AzureStorageOptions options = (await servers.Azurite).Options;
        BlobContainerClient media = new(options.ConnectionString, "media");
        await media.CreateIfNotExistsAsync(cancellationToken: Token);
        BlobClient blob = media.GetBlobClient($"{Guid.NewGuid():N}.txt");
        await blob.UploadAsync(BinaryData.FromString("The harbour of Port Alder was closed."), Token);
        BlobArrivedFunction function = new(new AzureObjectStore(options), _time, NullLogger<BlobArrivedFunction>.Instance);

        Task run = function.RunAsync(blob, _client.Object, Token);
        while (await Task.WhenAny(run, Task.Delay(TimeSpan.FromMilliseconds(20), Token)) != run)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        await run;
    }
}
