using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Summaries;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Registry;
using Serverless.Rollout;

namespace Serverless.Orchestrations.Drift;

/// <summary>
/// Starts a check of every version that serves in a watched environment, of the last of its model's windows that has ended, and ends what
/// followed from alarms and lasts for nobody. A check that was started before is not begun again. Thread-safe.
/// </summary>
public sealed class DriftWatch(
    ModelAliases aliases,
    RolloutTable routes,
    DriftFollowing following,
    DriftShadows shadows,
    DriftOptions options,
    TimeProvider time
)
{
    public async Task StartAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset ended = time.GetUtcNow() - HourSummaries.Grace;
        foreach (string environment in options.Enabled ? options.Environments : [])
        {
            List<DriftSubject> serving = [];
            foreach (string model in await aliases.ListNamesAsync(environment, cancellationToken))
            {
                await shadows.CloseAbandonedAsync(client, environment, model, cancellationToken);
                DriftSchedule schedule = options.ScheduleOf(model);
                if (!schedule.Enabled)
                {
                    continue;
                }
                RoutePlan? plan = await routes.FindLastPlanAsync(environment, model, cancellationToken);
                foreach (int version in plan?.Versions.Distinct() ?? [])
                {
                    DriftSubject subject = new(environment, model, version);
                    serving.Add(subject);
                    await client.StartAsync(new DriftCheckInput(schedule.DueAt(subject, ended), [.. options.FollowUps]), cancellationToken);
                }
            }
            await following.EndOthersAsync(environment, serving, cancellationToken);
        }
    }
}
