using Microsoft.DurableTask.Client;
using Serverless.Alerts;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Observations;
using Serverless.Orchestrations.Drift.Following;

namespace Serverless.Orchestrations.Drift;

/// <summary>What follows from a report, as the policy has it: each a decision with its reason. Thread-safe.</summary>
public sealed class DriftFollowing(
    DriftStore drift,
    AlertBook alerts,
    DriftRetraining retraining,
    DriftRollback rollback,
    DriftShadows shadows,
    TimeProvider time
)
{
    private const string DriftRule = "drift";
    private const string QualityRule = "quality";

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
        if (report.Verdict == DriftVerdict.Alarm)
        {
            decisions.AddRange(await ActAsync(client, input, report, cancellationToken));
        }
        await drift.DecideAsync(subject, report.Name, decisions, cancellationToken);
        return decisions;
    }

    /// <summary>
    /// Alerts of versions that serve in an environment no longer end: no window of theirs will be steady, since none will be checked.
    /// </summary>
    public async Task EndOthersAsync(string environment, IEnumerable<DriftSubject> serving, CancellationToken cancellationToken)
    {
        HashSet<string> subjects = [.. serving.Select(subject => subject.ToString())];
        (IReadOnlyList<Alert> open, _) = await alerts.ListOpenAsync(cancellationToken);
        AlertCondition[] ended =
        [
            .. open.Where(alert =>
                    alert.Rule is DriftRule or QualityRule
                    && alert.Subject.EndsWith($" in {environment}", StringComparison.Ordinal)
                    && !subjects.Contains(alert.Subject)
                )
                .Select(alert => new AlertCondition(alert.Rule, alert.Subject, Active: false, alert.Summary)),
        ];
        if (ended.Length > 0)
        {
            await alerts.ObserveAsync(ended, cancellationToken);
        }
    }

    /// <summary>In this order: a version is learnt for before it is taken back, and after that it needs no shadow.</summary>
    private async Task<IReadOnlyList<DriftDecision>> ActAsync(
        DurableTaskClient client,
        DriftCheckInput input,
        DriftReport report,
        CancellationToken cancellationToken
    )
    {
        DriftSubject subject = input.Request.Subject;
        List<DriftDecision> decisions = [];
        if (input.FollowUps.Contains(DriftFollowUp.Retrain))
        {
            decisions.Add(await retraining.DecideAsync(client, subject, report, cancellationToken));
        }
        if (input.FollowUps.Contains(DriftFollowUp.RollBack))
        {
            decisions.Add(await rollback.DecideAsync(client, subject, report, cancellationToken));
        }
        if (input.FollowUps.Contains(DriftFollowUp.OpenShadow))
        {
            decisions.Add(await shadows.DecideAsync(client, subject, report, cancellationToken));
        }
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
                .Where(about => IsDecided(about.Findings) || (about.Rule == QualityRule && report.Quality is { Found: not null }))
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
        QualityComparison? worse = rule == QualityRule && report.Quality is { Verdict: QualityVerdict.Worse } found ? found : null;
        return new AlertCondition(
            rule,
            subject.ToString(),
            Active: alarms.Length > 0 || worse is not null,
            worse is null ? DriftWords.SummaryOf(alarms) : DriftWords.SummaryOf(worse),
            worse?.Found?.Value ?? alarms.FirstOrDefault()?.Effect,
            worse?.Validated.Value.Low ?? alarms.FirstOrDefault()?.EffectLimit,
            $"/api/console#drift/{subject.Environment}/{subject.Model}/{subject.Version}/{report.Name}",
            new AlertAbout(subject.Model, subject.Version, subject.Environment)
        );
    }
}
