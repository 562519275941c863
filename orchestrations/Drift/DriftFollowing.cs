using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Drift.Summaries;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;

namespace Serverless.Orchestrations.Drift;

/// <summary>What follows from a report: people are told, what served before serves again. Each with its reason. Thread-safe.</summary>
public sealed class DriftFollowing(
    DriftStore drift,
    AlertBook alerts,
    ModelRollback rollback,
    ModelAliases aliases,
    DeploymentHistory history,
    DriftOptions options,
    TimeProvider time
)
{
    public const string By = "drift";
    private const string DriftRule = "drift";
    private const string QualityRule = "quality";
    private const int MaxNamed = 3;

    public async Task<IReadOnlyList<DriftDecision>> FollowAsync(
        DurableTaskClient client,
        DriftCheckInput input,
        CancellationToken cancellationToken
    )
    {
        DriftSubject subject = input.Request.Subject;
        DriftReport report = await drift.FindReportAsync(subject, input.Request.Name(), cancellationToken)
            ?? throw new InvalidOperationException($"There is no report '{input.Request.Name()}' of {subject}. Report this.");
        if (report.Decisions.Count > 0)
        {
            return report.Decisions;
        }
        List<DriftDecision> decisions = [];
        if (input.FollowUps.Contains(DriftFollowUp.Alert))
        {
            decisions.AddRange(await AlertAsync(subject, report, cancellationToken));
        }
        if (report.Verdict == DriftVerdict.Alarm && input.FollowUps.Contains(DriftFollowUp.RollBack))
        {
            decisions.Add(await RollBackAsync(client, subject, report, cancellationToken));
        }
        await drift.DecideAsync(subject, report.Name, decisions, cancellationToken);
        return decisions;
    }

    /// <summary>
    /// An alarm opens an alert, which lasts while later windows are shifted, and ends with one that is steady. Too few predictions change
    /// nothing. What was reported of predictions is about their quality.
    /// </summary>
    private async Task<IEnumerable<DriftDecision>> AlertAsync(DriftSubject subject, DriftReport report, CancellationToken cancellationToken)
    {
        ILookup<bool, FeatureFinding> findings = report.Findings.ToLookup(finding => FeatureNames.IsOfFeedback(finding.Feature));
        AlertCondition[] conditions =
        [
            .. new[] { (Rule: DriftRule, Findings: findings[false]), (Rule: QualityRule, Findings: findings[true]) }
                .Where(about => IsDecided(about.Findings))
                .Select(about => ConditionOf(about.Rule, subject, report, about.Findings)),
        ];
        await alerts.ObserveAsync(conditions, cancellationToken);
        return conditions
            .Where(condition => condition.Active)
            .Select(condition => new DriftDecision("alert", Done: true, condition.Summary, time.GetUtcNow()));
    }

    private static bool IsDecided(IEnumerable<FeatureFinding> findings) =>
        findings.Select(finding => finding.Verdict).DefaultIfEmpty().Max() is DriftVerdict.Alarm or DriftVerdict.Steady;

    private static AlertCondition ConditionOf(string rule, DriftSubject subject, DriftReport report, IEnumerable<FeatureFinding> findings)
    {
        FeatureFinding[] alarms = [.. findings.Where(finding => finding.Verdict == DriftVerdict.Alarm)];
        return new AlertCondition(
            rule,
            subject.ToString(),
            Active: alarms.Length > 0,
            SummaryOf(alarms),
            alarms.FirstOrDefault()?.Effect,
            alarms.FirstOrDefault()?.EffectLimit,
            $"/api/console#drift/{subject.Environment}/{subject.Model}/{subject.Version}/{report.Name}"
        );
    }

    private static string SummaryOf(FeatureFinding[] alarms) =>
        alarms.Length == 0
            ? "No feature differs from the reference any more."
            : string.Join("; ", NamedOf(alarms).Select(Words)) + (alarms.Length > MaxNamed ? $" ({alarms.Length} alarms in all)" : "");

    /// <summary>Each feature once, of all predictions where they alarm as well.</summary>
    private static IEnumerable<FeatureFinding> NamedOf(FeatureFinding[] alarms) =>
        alarms.OrderBy(alarm => alarm.Slice != TrafficSummary.Whole).DistinctBy(alarm => alarm.Feature).Take(MaxNamed);

    private static string Words(FeatureFinding finding) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{finding.Feature} of {finding.Slice} shifted by {finding.Effect:0.##} (limit {finding.EffectLimit:0.##})"
        );

    private async Task<DriftDecision> RollBackAsync(
        DurableTaskClient client,
        DriftSubject subject,
        DriftReport report,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        ModelAlias? alias = await aliases.FindAsync(subject.Environment, subject.Model, cancellationToken);
        if (alias?.Version != subject.Version)
        {
            return Not($"Version {subject.Version} does not serve any more; {alias?.Version.ToString() ?? "none"} does.");
        }
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(subject.Environment, subject.Model, cancellationToken);
        HistoryRecord? last = records.LastOrDefault(record => record is { Event: HistoryEvent.RolledBack, By: By });
        if (last is not null && now - last.At < options.CoolDown)
        {
            return Not($"It was rolled back at {last.At:u}, less than {options.CoolDown} ago (Drift:CoolDown).");
        }
        string why = $"Drift report {report.Name}: {SummaryOf([.. report.Alarms()])}.";
        RollbackOutcome outcome = await rollback.RunAsync(client, subject.Environment, subject.Model, By, why, cancellationToken);
        return outcome.Problem is { } problem
            ? Not(problem)
            : new DriftDecision("rollBack", Done: true, $"Version {outcome.Serves} serves again.", now);

        DriftDecision Not(string reason) => new("rollBack", Done: false, reason, now);
    }
}
