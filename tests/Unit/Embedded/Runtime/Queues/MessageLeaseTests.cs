using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Serverless.Embedded.Runtime.Queues;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Queues;

/// <summary>Against a real Azurite, by a clock of the test's own.</summary>
public sealed class MessageLeaseTests(SharedServers servers)
{
    [Fact]
    public async Task HeldMessage_IsRenewedBeforeItShowsAgain_AndDeletedInTheEnd()
    {
        ManualTime time = new();
        Renewals renewals = new();
        QueueClientOptions options = new();
        options.AddPolicy(renewals, HttpPipelinePosition.PerRetry);
        QueueClient queue = new((await servers.Azurite).ConnectionString, $"q{Guid.NewGuid():N}", options);
        await queue.CreateAsync();
        await queue.SendMessageAsync("work");
        QueueMessage message = await queue.ReceiveMessageAsync(MessageLease.Duration);
        await using MessageLease lease = MessageLease.Hold(queue, message, time);

        for (int round = 1; round <= 3; round++)
        {
            DateTimeOffset due = time.GetUtcNow() + MessageLease.Duration / 3;
            await Recorder.UntilAsync(() => Task.FromResult(time.IsAwaited(due)));
            time.Advance(MessageLease.Duration / 3);
            int renewed = round;
            await Recorder.UntilAsync(() => Task.FromResult(renewals.Count == renewed));
        }
        await lease.CompleteAsync();

        Assert.Equal(0, (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount);
    }

    private sealed class Renewals : HttpPipelineSynchronousPolicy
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public override void OnReceivedResponse(HttpMessage message)
        {
            if (message.Request.Method == RequestMethod.Put && message.Request.Uri.Path.Contains("/messages/", StringComparison.Ordinal) && !message.Response.IsError)
                Interlocked.Increment(ref _count);
        }
    }
}
