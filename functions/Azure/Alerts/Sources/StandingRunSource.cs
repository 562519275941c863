using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Ingest.Health;
using Serverless.Orchestrations.Operations.Watch;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>Runs that make no progress although they could; what can be healed is healed at the look that finds it.</summary>
internal sealed class StandingRunSource(RunWatch watch, PipelineHealth pipeline) : IAlertSource
{
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        PipelineReport report = await pipeline.TakeAsync(cancellationToken);
        return Of(await watch.LookAsync(client, report.Members, cancellationToken), watch.IsWhole);
    }

    /// <param name="isWhole">Whether what is not found is well; before that, alerts of it stay as they are.</param>
    internal static AlertSighting Of(IEnumerable<RunFinding> found, bool isWhole)
    {
        AlertCondition[] conditions = [.. found.GroupBy(one => (one.Rule, one.Subject)).Select(ConditionOf)];
        return isWhole
            ? new AlertSighting(conditions, RunFinding.HaltedRule, RunFinding.SlowRule, RunFinding.LostRule)
            : new AlertSighting(conditions);
    }

    private static AlertCondition ConditionOf(IGrouping<(string Rule, string Subject), RunFinding> found)
    {
        RunFinding first = found.First();
        int others = found.Count() - 1;
        return new AlertCondition(
            found.Key.Rule,
            found.Key.Subject,
            Active: true,
            others > 0 ? $"{first.Found} The same of {others} more." : first.Found,
            Link: $"/api/console#runs/{Uri.EscapeDataString(first.Run)}",
            About: new AlertAbout(Run: first.Run)
        );
    }
}
