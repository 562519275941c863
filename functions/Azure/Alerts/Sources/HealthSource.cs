using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Health;
using Serverless.Ingest.Health;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>What health finds wrong. Jobs that wait have the rule backlogAge; stuck uploads have the rule stuckRun.</summary>
internal sealed class HealthSource(HealthFindings health) : IAlertSource
{
    private const string HealthRule = "health";
    private const string StuckRule = "stuckRun";
    private const string Uploads = "uploads of store ";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        (PipelineReport report, IReadOnlyList<HealthFinding> findings) = await health.TakeAsync(client, cancellationToken);
        return Of(report.Backlogs, findings);
    }

    internal static AlertSighting Of(IEnumerable<Backlog> backlogs, IEnumerable<HealthFinding> findings)
    {
        HashSet<string> queues =
        [
            .. backlogs.Select(backlog => backlog.Thing).Where(thing => !thing.StartsWith(Uploads, StringComparison.Ordinal)),
        ];
        return new AlertSighting(
            [.. findings.Where(finding => !queues.Contains(finding.Thing)).GroupBy(finding => finding.Thing).Select(ConditionOf)],
            HealthRule,
            StuckRule
        );
    }

    private static AlertCondition ConditionOf(IGrouping<string, HealthFinding> findings)
    {
        bool isStuck = findings.Key.StartsWith(Uploads, StringComparison.Ordinal);
        return new AlertCondition(
            isStuck ? StuckRule : HealthRule,
            findings.Key,
            Active: true,
            string.Join(" ", findings.Select(finding => $"Found: {finding.Found}; expected: {finding.Expected}.")),
            Link: isStuck ? "/api/console#ingest" : "/api/health"
        );
    }
}
