using Microsoft.DurableTask;
using Serverless.Orchestrations.Validation;
using Serverless.Rollout.Guards;
using Serverless.Validation.Reports;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// The steps of one run in their order, and how they are undone. Part of the orchestrator: deterministic. Whatever changes traffic is
/// awaited to its end, also when the run is cancelled meanwhile, so that nothing still changes after it was undone.
/// </summary>
internal sealed partial class PromotionRun
{
    internal const string TurnEvent = "turn";
    private const int MaxReasons = 5;

    private static readonly TimeSpan LookForTurn = TimeSpan.FromMinutes(5);

    private readonly TaskOrchestrationContext _context;
    private readonly PromotionInput _input;
    private readonly StepLog _steps;
    private readonly Task<RunCancel> _cancel;
    private PromotionTarget _target;
    private bool _checked,
        _metCallers;
    private DateTimeOffset? _canarySince;

    public PromotionRun(TaskOrchestrationContext context, PromotionInput input)
    {
        (_context, _input) = (context, input);
        _steps = new StepLog(context, input.Plan);
        _cancel = context.WaitForExternalEvent<RunCancel>(RunCancel.EventName);
        _target = new PromotionTarget(context.InstanceId, input.To, input.Model, input.Version, Before: null);
    }

    private PromotionPlan Plan => _input.Plan;

    private bool ServesAlready => _target.Before == _input.Version;

    /// <exception cref="PromotionStoppedException">A step did not pass.</exception>
    public async Task GoAsync()
    {
        await WaitForTurnAsync();
        await CheckAsync();
        if (ServesAlready)
        {
            SkipRest($"Version {_input.Version} serves in {_input.To} already.");
            return;
        }
        if (Plan.Validation)
        {
            await ValidateAsync();
        }
        if (Plan.Shadow is { } shadow)
        {
            await ShadowAsync(shadow);
        }
        if (Plan.Approval is { } approval)
        {
            await ApproveAsync(approval);
        }
        foreach (CanaryStep step in Plan.Canary)
        {
            await CanaryAsync(step);
        }
        await MoveAliasAsync();
    }

    /// <summary>Back to what served before.</summary>
    public async Task<PromotionResult> UndoAsync(string reason, IReadOnlyList<GuardFinding> findings)
    {
        if (_checked)
        {
            await _context.CallActivityAsync(nameof(RestoreTraffic), _target, StepRetries.Day);
        }
        if (_input.Order > 0)
        {
            await ReportCanaryAsync();
        }
        return new PromotionResult(_metCallers ? PromotionVerdicts.RolledBack : PromotionVerdicts.Rejected, reason, findings);
    }

    public async Task EndAsync(PromotionResult result)
    {
        if (result.Verdict == PromotionVerdicts.Promoted && !ServesAlready)
        {
            await _context.CallActivityAsync(nameof(ReleaseTraffic), _target, StepRetries.Day);
        }
        await PublishAsync(PublishStep.Ended, result.Verdict, result.Reason, result.Findings, StepRetries.Day);
        if (await _context.CallActivityAsync<string?>(nameof(LeavePromotion), _target, StepRetries.Day) is { } next)
        {
            _context.SendEvent(next, TurnEvent, true);
        }
        _steps.End(result); // last, so that whoever waits for the verdict finds nothing still at work
    }

    private async Task WaitForTurnAsync()
    {
        _steps.Begin(StepNames.Turn);
        Task<bool> called = _context.WaitForExternalEvent<bool>(TurnEvent);
        string? waited = null;
        while (true)
        {
            PromotionTurn turn = await _context.CallActivityAsync<PromotionTurn>(
                nameof(EnterPromotion),
                new EnterInput(_target, _input.Queue),
                StepRetries.TenMinutes
            );
            if (turn.Verdict == TurnVerdict.Go)
            {
                break;
            }
            if (turn.Verdict == TurnVerdict.Refused)
            {
                throw new PromotionStoppedException($"Promotion '{turn.Holder}' of the same model and environment is at work.");
            }
            _steps.Tell(StepNames.Turn, $"Waits for promotion '{turn.Holder}'.");
            waited = $"Waited for promotion '{turn.Holder}'.";
            await FirstOfAsync(LookForTurn, called);
            if (called.IsCompleted)
            {
                called = _context.WaitForExternalEvent<bool>(TurnEvent);
            }
        }
        _steps.Pass(StepNames.Turn, waited);
    }

    private async Task CheckAsync()
    {
        _steps.Begin(StepNames.Checks);
        PromotionChecks checks = await _context.CallActivityAsync<PromotionChecks>(
            nameof(CheckPromotion),
            new CheckInput(_target, _input.From),
            StepRetries.TenMinutes
        );
        if (checks.Problem is { } problem)
        {
            throw new PromotionStoppedException(problem);
        }
        _target = _target with { Before = checks.Before };
        (_steps.Before, _checked) = (checks.Before, true);
        _steps.Pass(StepNames.Checks, checks.Before is { } before ? $"Version {before} serves now." : "Nothing serves yet.");
    }

    private async Task ValidateAsync()
    {
        _steps.Begin(StepNames.Validation);
        string id = $"validation-{_context.InstanceId}";
        Task<ValidationResult> validation = _context.CallSubOrchestratorAsync<ValidationResult>(
            nameof(ValidateModel),
            new ValidateModelInput(_input.Model, _input.Version, _input.To),
            new SubOrchestrationOptions { InstanceId = id }
        );
        try
        {
            await FirstOfAsync(limit: null, validation);
        }
        catch (PromotionStoppedException) when (_input.Order > 0)
        {
            // Its trial would go on for minutes, on processors that serve callers, and keep other trials waiting.
            _context.SendEvent(id, RunCancel.EventName, await _cancel);
            throw;
        }
        ValidationResult answer = await validation;
        if (answer.ReportPath is { } report)
        {
            _steps.AddReport(report);
        }
        if (!answer.Passed)
        {
            throw new PromotionStoppedException($"Validation failed: {Reasons(answer.Reasons)}");
        }
        await PassAsync(StepNames.Validation, answer.ReportPath is { } where ? $"All gates passed: {where}" : null);
    }

    /// <summary>The point of no return: from here on the version serves.</summary>
    private async Task MoveAliasAsync()
    {
        _steps.Begin(StepNames.Alias);
        string approvals = string.Join(", ", _steps.Approvals.Select(approval => approval.By));
        string from = _input.From is null ? "" : $" from {_input.From}";
        string why = $"Promotion {_context.InstanceId}{from}{(approvals.Length == 0 ? "" : $", approved by {approvals}")}";
        if (
            await _context.CallActivityAsync<string?>(
                nameof(SwitchAlias),
                new SwitchInput(_target, _input.RequestedBy, why),
                StepRetries.TenMinutes
            ) is
            { } refusal
        )
        {
            throw new PromotionStoppedException(refusal);
        }
        _steps.Pass(StepNames.Alias, $"Version {_input.Version} serves in {_input.To}.");
    }

    /// <summary>The first few: a status has room for no more, and the report has all.</summary>
    private static string Reasons(IReadOnlyList<string> reasons) =>
        string.Join(' ', reasons.Take(MaxReasons))
        + (reasons.Count > MaxReasons ? $" {reasons.Count - MaxReasons} more gates were not passed." : "");

    private void SkipRest(string why)
    {
        foreach ((string name, bool isWaived) in StepNames.Of(Plan))
        {
            if (!isWaived && name is not (StepNames.Turn or StepNames.Checks))
            {
                _steps.Skip(name, why);
            }
        }
    }

    private async Task PassAsync(string step, string? detail)
    {
        _steps.Pass(step, detail);
        await PublishAsync(step, "passed", detail, [], StepRetries.TenMinutes);
    }

    private Task PublishAsync(string step, string outcome, string? detail, IReadOnlyList<GuardFinding> findings, TaskOptions options) =>
        _context.CallActivityAsync(
            nameof(PublishStep),
            new StepOutcome(_target, step, outcome, detail, _input.RequestedBy, findings),
            options
        );

    /// <summary>Returns when the work or the time limit is over; false for the limit.</summary>
    /// <exception cref="PromotionStoppedException">Somebody cancelled the promotion meanwhile.</exception>
    private async Task<bool> FirstOfAsync(TimeSpan? limit, Task work)
    {
        using CancellationTokenSource done = new();
        Task timer = limit is { } time ? _context.CreateTimer(time, done.Token) : _cancel;
        Task first = await Task.WhenAny(work, _cancel, timer);
        done.Cancel(); // CancelAsync would leave the orchestrator's turn
        if (!_cancel.IsCompleted)
        {
            return first == work;
        }
        RunCancel cancel = await _cancel;
        throw new PromotionStoppedException($"Cancelled by {cancel.By}{(cancel.Reason is null ? "." : $": {cancel.Reason}")}");
    }
}
