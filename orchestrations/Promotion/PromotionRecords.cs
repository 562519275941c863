using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <param name="From">The environment in which the version must serve; null for none.</param>
/// <param name="Queue">Wait for one's turn behind another promotion of the model, instead of being refused.</param>
/// <param name="RequestedById">Who asked, whatever name goes with it: an identity or a listed key; null where the name is all there
/// is.</param>
/// <param name="Order">The order of steps that the run began with, and keeps: 0 to <see cref="NewestOrder"/>.</param>
public sealed record PromotionInput(
    string Model,
    int Version,
    string? From,
    string To,
    string RequestedBy,
    PromotionPlan Plan,
    bool Queue,
    DateTimeOffset RequestedAt,
    int Order = 0,
    string? RequestedById = null
)
{
    /// <summary>
    /// Since 1 who cancels ends the validation too, and a canary that is taken back leaves a report of its shadow; since 2 who cancels ends
    /// the watch too.
    /// </summary>
    public const int NewestOrder = 2;
}

/// <summary>How a promotion ended.</summary>
public static class PromotionVerdicts
{
    public const string Promoted = "promoted";

    /// <summary>Ended before any caller met the version.</summary>
    public const string Rejected = "rejected";

    /// <summary>Ended after callers met it; they meet what served before.</summary>
    public const string RolledBack = "rolled back";
}

/// <param name="Reason">For people: why it is not promoted; null where it is.</param>
public sealed record PromotionResult(string Verdict, string? Reason, IReadOnlyList<GuardFinding> Findings);

public enum StepState
{
    Waiting,
    Running,
    Passed,
    Skipped,
    Failed,

    /// <summary>The plan of the environment does without it.</summary>
    Waived,
}

/// <summary>One step as people read it.</summary>
public sealed record StepStatus(
    string Name,
    StepState State,
    DateTimeOffset? Started = null,
    DateTimeOffset? Ended = null,
    string? Detail = null
);

/// <param name="ById">As <see cref="PromotionInput.RequestedById"/>.</param>
public sealed record ApprovalGiven(string By, string? Reason, DateTimeOffset At, string? ById = null);

/// <summary>What a promotion shows of itself while it runs and after it ended. Small, as a status must be.</summary>
/// <param name="Stage">Name of the step at work.</param>
/// <param name="Before">The version that served when it began; null where none did.</param>
public sealed record PromotionStatus(
    string Stage,
    IReadOnlyList<StepStatus> Steps,
    int? Before,
    IReadOnlyList<ApprovalGiven> Approvals,
    string? Verdict,
    string? Reason,
    IReadOnlyList<GuardFinding> Findings,
    IReadOnlyList<string> Reports
);

/// <summary>Somebody's yes or no, as the event <see cref="EventName"/>.</summary>
/// <param name="ById">As <see cref="PromotionInput.RequestedById"/>.</param>
public sealed record ApprovalDecision(string By, bool Approve, string? Reason, string? ById = null)
{
    public const string EventName = "decision";
}
