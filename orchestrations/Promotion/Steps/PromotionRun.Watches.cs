using Microsoft.DurableTask;
using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>The steps in which the version is watched, or people decide.</summary>
internal sealed partial class PromotionRun
{
    private const string CanaryReport = "canary";

    internal static string WatchIdOf(string promotion, string step) => $"trial-{promotion}-{StepNames.PathOf(step)}";

    private int WatchedSteps => PlanSight.WatchedSteps(Plan);

    private async Task ShadowAsync(ShadowStep shadow)
    {
        if (_target.Before is null)
        {
            _steps.Skip(StepNames.Shadow, "Nothing serves that it could be compared with.");
            return;
        }
        _steps.Begin(StepNames.Shadow);
        _steps.Tell(StepNames.Shadow, GuardSight.OfShadow(Plan.Guards, WatchedSteps, shadow.MinRequests).Describe(Plan.Guards));
        await SetTrafficAsync(0, shadow.Share);
        DateTimeOffset since = new(_context.CurrentUtcDateTime);
        WatchOutcome outcome = await WatchAsync(StepNames.Shadow, shadow, WatchKind.Shadow, since, Plan.Guards);

        DiffAnswer diff = await ReportAsync(StepNames.Shadow, since);
        if (diff.Problems.Count > 0)
        {
            throw new PromotionStoppedException(string.Join(' ', diff.Problems));
        }
        await SetTrafficAsync(0, 0); // people may take a day to decide
        long pairs = outcome.Seen.Mirror.Pairs;
        await PassSeenAsync(
            StepNames.Shadow,
            pairs,
            $"{diff.Summary} {GuardSight.OfShadow(Plan.Guards, WatchedSteps, pairs).Describe(Plan.Guards)}"
        );
    }

    /// <summary>A step that saw no request has shown nothing, whatever its plan was content with.</summary>
    private async Task PassSeenAsync(string name, long requests, string detail)
    {
        if (requests > 0)
        {
            await PassAsync(name, detail);
            return;
        }
        const string Unseen = "0 requests seen, which shows nothing; the plan asks for none.";
        _steps.Skip(name, Unseen);
        await PublishAsync(name, "skipped", Unseen, [], StepRetries.TenMinutes);
    }

    private async Task ApproveAsync(ApprovalStep approval)
    {
        _steps.Begin(StepNames.Approval);
        DateTime deadline = _context.CurrentUtcDateTime + approval.Within;
        string warned = PlanSight.Warn(Plan);
        Task<ApprovalDecision> decision = _context.WaitForExternalEvent<ApprovalDecision>(ApprovalDecision.EventName);
        while (_steps.Approvals.Count < approval.Required)
        {
            _steps.Tell(
                StepNames.Approval,
                $"{_steps.Approvals.Count} of {approval.Required} approved; "
                    + $"{(approval.People.Count == 0 ? $"anybody but {_input.RequestedBy}" : string.Join(", ", approval.People.Take(10)))} "
                    + $"may decide until {deadline:yyyy-MM-dd HH:mm} UTC.{warned}"
            );
            if (!await FirstOfAsync(deadline - _context.CurrentUtcDateTime, decision))
            {
                throw new PromotionStoppedException($"{_steps.Approvals.Count} of {approval.Required} approved within {approval.Within}.");
            }
            ApprovalDecision made = await decision;
            decision = _context.WaitForExternalEvent<ApprovalDecision>(ApprovalDecision.EventName);
            if (Approvals.Fault(_input, _steps.Approvals, made) is not null)
            {
                continue; // two at once: the second had been let in before the first counted
            }
            if (!made.Approve)
            {
                throw new PromotionStoppedException($"Refused by {made.By}: {made.Reason}");
            }
            _steps.Approve(made);
        }
        await PassAsync(StepNames.Approval, $"Approved by {string.Join(", ", _steps.Approvals.Select(given => given.By))}.");
    }

    private async Task CanaryAsync(CanaryStep step)
    {
        string name = StepNames.Canary(step);
        if (_target.Before is null)
        {
            _steps.Skip(name, "Nothing serves that could share the traffic.");
            return;
        }
        _steps.Begin(name);
        GuardLimits guards = Plan.Guards.AtWeight(step.Weight);
        _steps.Tell(name, GuardSight.OfCanary(guards, WatchedSteps, step.MinRequests, step.Weight).Describe(guards));
        _metCallers = true;
        await SetTrafficAsync(step.Weight, Plan.Shadow?.Share ?? 0);
        DateTimeOffset since = new(_context.CurrentUtcDateTime);
        _canarySince = since;
        // With all callers on the canary nothing new is seen of the stable version: its recent past stands for it.
        WatchOutcome outcome = await WatchAsync(name, step, WatchKind.Canary, since, guards, hasPast: step.Weight >= 1);
        if (step == Plan.Canary[^1] && Plan.Shadow is not null)
        {
            await ReportAsync(CanaryReport, since);
        }
        _canarySince = null;
        await PassSeenAsync(
            name,
            outcome.Seen.Canary.Requests,
            $"{outcome.Summary} {GuardSight.OfCanary(guards, WatchedSteps, outcome.Seen).Describe(guards)}"
        );
    }

    /// <summary>
    /// In what a canary that was taken back differed, as far as its shadow saw. For people, who have the verdict also without it.
    /// </summary>
    private async Task ReportCanaryAsync()
    {
        if (_canarySince is not { } since || Plan.Shadow is null)
        {
            return;
        }
        try
        {
            await ReportAsync(CanaryReport, since);
        }
        catch (TaskFailedException)
        {
            // The reason that ends the promotion is not to be lost by it.
        }
    }

    private async Task SetTrafficAsync(double weight, double mirrored)
    {
        TrafficInput input = new(_target, weight, mirrored);
        if (await _context.CallActivityAsync<string?>(nameof(SetTraffic), input, StepRetries.TenMinutes) is { } refusal)
        {
            throw new PromotionStoppedException(refusal);
        }
    }

    private async Task<WatchOutcome> WatchAsync(
        string name,
        WatchedStep step,
        WatchKind kind,
        DateTimeOffset since,
        GuardLimits guards,
        bool hasPast = false
    )
    {
        WatchInput input = new(
            _target,
            kind,
            step.Bake,
            step.MinRequests,
            step.Within,
            Plan.WatchEvery,
            guards,
            WatchedSteps,
            since,
            new GuardTally(),
            new CaptureCursor(),
            StepNames.PathOf(name),
            hasPast
        );
        string id = WatchIdOf(_context.InstanceId, name);
        Task<WatchOutcome> watch = _context.CallSubOrchestratorAsync<WatchOutcome>(
            nameof(WatchVersion),
            input,
            new SubOrchestrationOptions { InstanceId = id }
        );
        try
        {
            await FirstOfAsync(limit: null, watch);
        }
        catch (PromotionStoppedException) when (_input.Order > 1)
        {
            // A run completes only after all that it started.
            _context.SendEvent(id, RunCancel.EventName, await _cancel);
            throw;
        }
        WatchOutcome outcome = await watch;
        if (outcome.Report is { } report)
        {
            _steps.AddReport(report);
        }
        return outcome.Problem is { } problem ? throw new PromotionStoppedException(problem, outcome.Findings) : outcome;
    }

    private async Task<DiffAnswer> ReportAsync(string step, DateTimeOffset since)
    {
        DiffAnswer diff = await _context.CallActivityAsync<DiffAnswer>(
            nameof(ReportDifferences),
            new DiffInput(_target, step, since, Plan.Guards),
            StepRetries.TenMinutes
        );
        _steps.AddReport(diff.Report);
        return diff;
    }
}
