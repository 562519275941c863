using Microsoft.DurableTask;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>The steps of one run, shown as its custom status. Belongs to the orchestrator: deterministic, without I/O.</summary>
internal sealed class StepLog(TaskOrchestrationContext context, PromotionPlan plan)
{
    private readonly List<StepStatus> _steps =
    [
        .. StepNames
            .Of(plan)
            .Select(step =>
                step.IsWaived
                    ? new StepStatus(step.Name, StepState.Waived, Detail: "The plan of the environment does without.")
                    : new StepStatus(step.Name, StepState.Waiting)
            ),
    ];
    private readonly List<ApprovalGiven> _approvals = [];
    private readonly List<string> _reports = [];
    private string _stage = StepNames.Turn;

    /// <summary>The version that served when the run began.</summary>
    public int? Before { get; set; }

    public IReadOnlyList<ApprovalGiven> Approvals => _approvals;

    private DateTimeOffset Now => new(context.CurrentUtcDateTime);

    public void Begin(string name)
    {
        _stage = name;
        Change(name, step => step with { State = StepState.Running, Started = Now });
    }

    public void Tell(string name, string detail) => Change(name, step => step with { Detail = detail });

    public void Pass(string name, string? detail = null) =>
        Change(name, step => step with { State = StepState.Passed, Ended = Now, Detail = detail ?? step.Detail });

    public void Skip(string name, string why) => Change(name, step => step with { State = StepState.Skipped, Detail = why });

    public void Approve(ApprovalDecision decision)
    {
        _approvals.Add(new ApprovalGiven(decision.By, decision.Reason, Now, decision.ById));
        Show();
    }

    public void AddReport(string name) => _reports.Add(name);

    /// <summary>The end: the step at work failed, or all have passed.</summary>
    public void End(PromotionResult result)
    {
        if (result.Verdict != PromotionVerdicts.Promoted)
        {
            Change(_stage, step =>
                step.State == StepState.Running ? step with { State = StepState.Failed, Ended = Now, Detail = result.Reason } : step
            );
        }
        _stage = "ended";
        Show(result);
    }

    private void Change(string name, Func<StepStatus, StepStatus> change)
    {
        int at = _steps.FindIndex(step => step.Name == name);
        _steps[at] = change(_steps[at]);
        Show();
    }

    private void Show(PromotionResult? result = null) =>
        context.SetCustomStatus(
            new PromotionStatus(
                _stage,
                [.. _steps],
                Before,
                [.. _approvals],
                result?.Verdict,
                result?.Reason,
                result?.Findings ?? [],
                [.. _reports]
            )
        );
}
