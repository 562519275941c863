using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Ingest.Health;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>Jobs that wait for a worker. At every look, so that a worker that stopped is told of in under a minute.</summary>
internal sealed class QueueSource(PipelineHealth pipeline, HealthOptions options) : IAlertSource
{
    private const string Rule = "backlogAge";

    public TimeSpan Every => TimeSpan.Zero;

    /// <summary>A queue that does not answer leaves its alert as it is.</summary>
    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        double limit = rules[Rule].Limit ?? 0;
        return new AlertSighting([.. (await pipeline.LookAtQueuesAsync(cancellationToken)).Select(queue => ConditionOf(queue, limit))]);
    }

    /// <summary>With some in hand there are workers, only too few: they have as long as anything that is stuck.</summary>
    private AlertCondition ConditionOf(Backlog queue, double idleLimit)
    {
        double limit = queue.IsIdle ? idleLimit : options.StuckAfter.TotalSeconds;
        return new AlertCondition(
            Rule,
            queue.Thing,
            Active: queue.OldestSeconds > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{queue.Items} jobs are there, {queue.InHand?.ToString(CultureInfo.InvariantCulture) ?? "an unknown number"} in hand; "
                    + $"the oldest waits for {queue.OldestSeconds ?? 0:0} s, allowed are {limit:0} s."
            ),
            queue.OldestSeconds,
            limit,
            "/api/health"
        );
    }
}
