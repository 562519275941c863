using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Functions.Azure.Alerts.Sources;

namespace Serverless.Functions.Azure.Alerts;

/// <summary>Every 15 seconds: look, remember what changed, measure, tell.</summary>
public sealed class EvaluateAlertsFunction(AlertSources sources, AlertBook book, AlertDelivery delivery, AlertGauges gauges)
{
    [Function("EvaluateAlerts")]
    public async Task RunAsync(
        [TimerTrigger("*/15 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        AlertSighting found = await sources.LookAsync(client, cancellationToken);
        await book.ObserveAsync(found.Conditions, [.. found.Whole], cancellationToken);
        gauges.Show(book.LastOpen);
        await delivery.RunAsync(cancellationToken);
    }
}
