using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Operations.Retention;

/// <summary>Starts the removal of what is old, once a day.</summary>
public static class RetentionScheduler
{
    public static async Task StartAsync(
        this DurableTaskClient client,
        RetentionOptions options,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        IReadOnlyList<RetentionStep> steps = options.StepsAt(now);
        if (steps.Count > 0)
        {
            string id = $"retention-{now.UtcDateTime:yyyyMMdd}";
            await client.ScheduleOnceAsync(nameof(ApplyRetention), new RetentionInput(steps), id, cancellationToken);
        }
    }
}
