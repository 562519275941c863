using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Webhooks;

/// <summary>Starts deliveries. One that was started before is not started again.</summary>
public static class WebhookScheduler
{
    private static readonly OrchestrationRuntimeStatus[] Known = [.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses];

    public static async Task StartAsync(
        this DurableTaskClient client,
        WebhookDelivery delivery,
        WebhookOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(DeliverWebhook),
                new DeliveryInput(delivery, options.MaxAttempts),
                new StartOrchestrationOptions($"webhook-{delivery.Subscription}-{delivery.Id}").WithDedupeStatuses(Known),
                cancellationToken
            );
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // The queue handed the event out twice.
        }
    }
}
