using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations.Operations.Retention;

namespace Serverless.Functions.Azure.Operations;

/// <summary>Every night: removes what is as old as it may become.</summary>
public sealed class RetentionFunction(RetentionOptions options, TimeProvider time)
{
    [Function("RetentionDue")]
    public Task RunAsync(
        [TimerTrigger("0 50 3 * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => client.StartAsync(options, time.GetUtcNow(), cancellationToken);
}
