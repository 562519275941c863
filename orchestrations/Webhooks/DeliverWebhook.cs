using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Serverless.Orchestrations.Operations;
using Serverless.Webhooks;

namespace Serverless.Orchestrations.Webhooks;

/// <param name="MaxAttempts">As configured when it began, so that a run stays what it was.</param>
public sealed record DeliveryInput(WebhookDelivery Delivery, int MaxAttempts);

/// <summary>Brings one event to one subscriber, with growing pauses until it is taken or given up.</summary>
[StartedBy("POST /api/webhooks/{id}/deliveries/{delivery}/redeliver", MayRestart = true)]
public static class DeliverWebhook
{
    private const double PauseGrowth = 4;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    [Function(nameof(DeliverWebhook))]
    public static async Task<bool> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, DeliveryInput input)
    {
        for (int attempt = 1; ; attempt++)
        {
            DeliveryState state = await context.CallActivityAsync<DeliveryState>(
                nameof(SendWebhook),
                new SendInput(input.Delivery, IsLast: attempt == input.MaxAttempts),
                StepRetries.TenMinutes
            );
            context.SetCustomStatus(new { State = state.ToString(), Attempt = attempt });
            if (state != DeliveryState.Pending)
            {
                return state == DeliveryState.Delivered;
            }
            double seconds = Math.Min(LongestPause.TotalSeconds, FirstPause.TotalSeconds * Math.Pow(PauseGrowth, attempt - 1));
            await context.CreateTimer(TimeSpan.FromSeconds(seconds), CancellationToken.None);
        }
    }
}
