using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Erasure;
using Serverless.Orchestrations.Operations.Retention;

namespace Serverless.Functions.Azure.Operations;

/// <summary>Every night: removes what is as old as it may become, and what was captured of assets that were erased.</summary>
public sealed class RetentionFunction(RetentionOptions options, TimeProvider time)
{
    [Function("RetentionDue")]
    public async Task RunAsync(
        [TimerTrigger("0 50 3 * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await client.StartAsync(options, time.GetUtcNow(), cancellationToken);
        await client.EraseCapturesAsync(time.GetUtcNow(), cancellationToken);
    }
}
