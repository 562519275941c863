using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Storage;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Triggers;

/// <summary>
/// Creates the queues that triggers read, before any function runs: the Functions host reports a queue that is missing at every look, and
/// creates none. Storage that is away keeps nothing from starting, since whoever first sends a message creates the queue too.
/// </summary>
internal sealed class TriggerQueues(
    [FromKeyedServices(AssetLayout.GpuCompletionsQueue)] AzureWorkQueue completions,
    [FromKeyedServices(AssetLayout.DeletedBlobsQueue)] AzureWorkQueue deletions,
    [FromKeyedServices(WebhookPublisher.QueueName)] AzureWorkQueue events,
    TimeProvider time,
    ILogger<TriggerQueues> log
) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource late = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await Task.WhenAll(
                completions.CreateAsync(either.Token),
                deletions.CreateAsync(either.Token),
                events.CreateAsync(either.Token)
            );
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.QueuesNotCreated(e.GetBaseException().Message.Split('\n')[0].TrimEnd());
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
