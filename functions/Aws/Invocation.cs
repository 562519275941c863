using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Rollout;

namespace Serverless.Functions.Aws;

/// <summary>
/// One event, for a process that the platform freezes as soon as it has answered: rollouts are looked at before, since no timer did, and
/// captures are written out before the answer. Lives as long as the process.
/// </summary>
internal sealed class Invocation(ObjectChangedHandler handler, RolloutTable routes, CaptureWriter captures, ILogger<Invocation> log)
{
    /// <summary>The answer waits no longer for either; what was looked at before stands, and captures go out with the next event.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        await TryAsync(routes.EnsureFreshAsync);
        SQSBatchResponse answer = await handler.HandleAsync(batch, context);
        await TryAsync(captures.FlushAsync);
        return answer;
    }

    private async Task TryAsync(Func<CancellationToken, Task> step)
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await step(patience.Token);
        }
        catch (Exception e)
        {
            log.StepSkipped(e.Message);
        }
    }
}
