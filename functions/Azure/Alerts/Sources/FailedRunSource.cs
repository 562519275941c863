using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Alerts.Rules;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Alerts.Sources;

/// <summary>
/// Runs that have failed in the last hour, by their orchestration. Other work that fails is done again by its queue, whose own rules tell
/// of what does not heal.
/// </summary>
internal sealed class FailedRunSource(RunIndex index, TimeProvider time) : IAlertSource
{
    private const string Rule = "failedRuns";

    private static readonly RunFilter Failed = new() { Kinds = [RunKind.Orchestration], Statuses = [RunStatus.Failed] };
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task<AlertSighting> LookAsync(AlertRules rules, DurableTaskClient client, CancellationToken cancellationToken)
    {
        DateTimeOffset from = time.GetUtcNow() - Window;
        List<RunEntry> failed = [];
        await foreach (RunEntry run in index.MatchAsync(Failed, cancellationToken))
        {
            if ((run.Ended ?? run.Updated) >= from)
            {
                failed.Add(run);
            }
        }
        return Of(failed, rules[Rule].Limit ?? 0);
    }

    internal static AlertSighting Of(IEnumerable<RunEntry> failed, double limit) =>
        new([.. failed.GroupBy(run => run.Name, StringComparer.Ordinal).Select(runs => ConditionOf(runs, limit))], Rule);

    private static AlertCondition ConditionOf(IGrouping<string, RunEntry> runs, double limit)
    {
        int count = runs.Count();
        RunEntry latest = runs.MaxBy(run => run.Ended ?? run.Updated)!;
        return new AlertCondition(
            Rule,
            runs.Key,
            Active: count > limit,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{count} runs failed in the last hour, allowed are {limit:0}; the latest is '{latest.Id}': {latest.Failure}"
            ),
            count,
            limit,
            $"/api/console#runs/{Uri.EscapeDataString(latest.Id)}",
            new AlertAbout(Run: latest.Id)
        );
    }
}
