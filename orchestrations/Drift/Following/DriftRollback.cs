using Microsoft.DurableTask.Client;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;

namespace Serverless.Orchestrations.Drift.Following;

/// <summary>What served before serves again. Thread-safe.</summary>
public sealed class DriftRollback(
    ModelRollback rollback,
    DriftActions actions,
    DeploymentHistory history,
    DriftOptions options,
    TimeProvider time
)
{
    public const string Action = "rollBack";

    public async Task<DriftDecision> DecideAsync(
        DurableTaskClient client,
        DriftSubject subject,
        DriftReport report,
        CancellationToken cancellationToken
    )
    {
        DateTimeOffset now = time.GetUtcNow();
        if (await actions.FindReplacedAsync(subject, cancellationToken) is { } replaced)
        {
            return new DriftDecision(Action, Done: false, replaced, now);
        }
        IReadOnlyList<HistoryRecord> records = await history.ListAsync(subject.Environment, subject.Model, cancellationToken);
        HistoryRecord? last = records.LastOrDefault(record => record is { Event: HistoryEvent.RolledBack, By: DriftActions.By });
        if (last is not null && now - last.At < options.CoolDown)
        {
            string soon = $"It was rolled back at {last.At:u}, less than {options.CoolDown} ago (Drift:CoolDown).";
            return new DriftDecision(Action, Done: false, soon, now);
        }
        RollbackOutcome outcome = await rollback.RunAsync(
            client,
            subject.Environment,
            subject.Model,
            DriftActions.By,
            DriftWords.WhyOf(report),
            cancellationToken
        );
        return outcome.Problem is { } problem
            ? new DriftDecision(Action, Done: false, problem, now)
            : new DriftDecision(Action, Done: true, $"Version {outcome.Serves} serves again.", now);
    }
}
