using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Telemetry;

namespace Serverless.Functions.Aws;

/// <summary>
/// One event, for a process that the platform freezes as soon as it has answered: captures are written out and metrics sent before the
/// answer. Lives as long as the process.
/// </summary>
internal sealed class Invocation(ObjectChangedHandler handler, CaptureWriter captures, MetricsFlush metrics, ILogger<Invocation> log)
{
    /// <summary>The answer waits no longer; what is left goes out with the next event.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        SQSBatchResponse answer = await handler.HandleAsync(batch, context);
        await FlushAsync();
        if (!metrics.TryFlush(Patience))
        {
            log.MetricsKept();
        }
        return answer;
    }

    private async Task FlushAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await captures.FlushAsync(patience.Token);
        }
        catch (Exception e)
        {
            log.CapturesKept(e.Message);
        }
    }
}
