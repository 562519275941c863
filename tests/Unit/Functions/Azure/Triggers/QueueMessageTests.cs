using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Moq;
using Serverless.Functions.Azure.Triggers;
using Serverless.Ingest;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Triggers;

/// <summary>What cannot be read is passed over at once: it would come back for as long as an outage may last.</summary>
public sealed class QueueMessageTests
{
    public static TheoryData<string> Unreadable => ["", "null", "[]", "{", "{}", "text", "\0", """{"instanceId":"","jobId":"a"}"""];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Unreadable))]
    public async Task GpuCompletion_Unreadable_RaisesNothing(string message)
    {
        Mock<DurableTaskClient> client = new(MockBehavior.Strict, "test");

        await new GpuCompletionFunction(NullLogger<GpuCompletionFunction>.Instance).RunAsync(
            BinaryData.FromString(message),
            client.Object,
            Token
        );
    }

    [Fact]
    public async Task GpuCompletion_OfARun_RaisesItsEvent()
    {
        GpuCompletionMessage completion = new("run", "job", Failure: null);
        Mock<DurableTaskClient> client = new("test");

        await new GpuCompletionFunction(NullLogger<GpuCompletionFunction>.Instance).RunAsync(
            AssetsJson.Write(completion),
            client.Object,
            Token
        );

        client.Verify(one => one.RaiseEventAsync("run", GpuCompletionMessage.EventName, completion, Token), Times.Once);
    }

    [Theory, MemberData(nameof(Unreadable))]
    public async Task WebhookEvent_Unreadable_StartsNothing(string message)
    {
        Mock<DurableTaskClient> client = new(MockBehavior.Strict, "test");
        WebhookEventFunction function = new(store: null!, new WebhookOptions(), NullLogger<WebhookEventFunction>.Instance);

        await function.RunAsync(BinaryData.FromString(message), client.Object, Token);
    }
}
