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

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        (PipelineReport report, IReadOnlyList<HealthFinding> findings) = await health.TakeAsync(client, cancellationToken);
        return Of(report.Backlogs, findings);
    }

    internal static AlertSighting Of(IEnumerable<Backlog> backlogs, IEnumerable<HealthFinding> findings)
    {
        ILookup<bool, string> things = backlogs.ToLookup(backlog => backlog.Queue == Backlog.Uploads, backlog => backlog.Thing);
        return new AlertSighting(
            [
                .. findings
                    .Where(finding => !things[false].Contains(finding.Thing))
                    .GroupBy(finding => finding.Thing)
                    .Select(about => ConditionOf(about, isStuck: things[true].Contains(about.Key))),
            ],
            HealthRule,
            StuckRule
        );
    }

    private static AlertCondition ConditionOf(IGrouping<string, HealthFinding> findings, bool isStuck) =>
        new(
            isStuck ? StuckRule : HealthRule,
            findings.Key,
            Active: true,
            string.Join(" ", findings.Select(finding => $"Found: {finding.Found}; expected: {finding.Expected}.")),
            Link: isStuck ? "/api/console#ingest" : "/api/health"
        );
}
