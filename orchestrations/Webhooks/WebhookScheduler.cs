using Microsoft.DurableTask.Client;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Webhooks;

/// <summary>Starts deliveries. One that was started before is not started again.</summary>
public static class WebhookScheduler
{
    public static Task StartAsync(
        this DurableTaskClient client,
        WebhookDelivery delivery,
        WebhookOptions options,
        CancellationToken cancellationToken
    ) =>
        client.ScheduleOnceAsync(
            nameof(DeliverWebhook),
            new DeliveryInput(delivery, options.MaxAttempts),
            $"webhook-{delivery.Subscription}-{delivery.Id}",
            cancellationToken
        );
}
