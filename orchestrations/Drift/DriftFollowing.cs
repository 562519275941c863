using System.Globalization;
using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Drift;
using Serverless.Drift.Checks;
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
    private const string Rule = "drift";
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
        if (input.FollowUps.Contains(DriftFollowUp.Alert) && await AlertAsync(subject, report, cancellationToken) is { } told)
        {
            decisions.Add(told);
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
    /// nothing.
    /// </summary>
    private async Task<DriftDecision?> AlertAsync(DriftSubject subject, DriftReport report, CancellationToken cancellationToken)
    {
        if (report.Verdict is DriftVerdict.NotEnoughData or DriftVerdict.Shifted)
        {
            return null;
        }
        FeatureFinding[] alarms = [.. report.Alarms()];
        AlertCondition condition = new(
            Rule,
            subject.ToString(),
            Active: alarms.Length > 0,
            SummaryOf(alarms),
            alarms.FirstOrDefault()?.Effect,
            alarms.FirstOrDefault()?.EffectLimit,
            $"/api/console#drift/{subject.Environment}/{subject.Model}/{subject.Version}/{report.Name}"
        );
        await alerts.ObserveAsync([condition], cancellationToken);
        return alarms.Length == 0 ? null : new DriftDecision("alert", Done: true, condition.Summary, time.GetUtcNow());
    }

    private static string SummaryOf(FeatureFinding[] alarms) =>
        alarms.Length == 0
            ? "No feature differs from the reference any more."
            : string.Join("; ", alarms.Take(MaxNamed).Select(Words))
                + (alarms.Length > MaxNamed ? $"; and {alarms.Length - MaxNamed} more" : "");

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
