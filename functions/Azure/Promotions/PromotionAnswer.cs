using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Promotion;
using Serverless.Rollout.Guards;

namespace Serverless.Functions.Azure.Promotions;

/// <summary>A promotion as callers see it.</summary>
/// <param name="Verdict">"promoted", "rejected" or "rolled back"; null while it is at work.</param>
/// <param name="RequestedById">The identity or listed key behind the name; null where the name is all there is.</param>
/// <param name="Warnings">Steps that ask for too few requests to see what they watch for.</param>
/// <param name="Plan">There when one promotion is asked for.</param>
internal sealed record PromotionAnswer(
    string Id,
    string Model,
    int Version,
    string? From,
    string To,
    string RequestedBy,
    DateTimeOffset RequestedAt,
    string Stage,
    string? Verdict,
    string? Reason,
    int? Before,
    IReadOnlyList<StepStatus> Steps,
    IReadOnlyList<ApprovalGiven> Approvals,
    IReadOnlyList<GuardFinding> Findings,
    IReadOnlyList<string> Reports,
    PromotionPlan? Plan,
    string Status,
    string? RequestedById,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>Null for a run that is no promotion.</summary>
    public static PromotionAnswer? Of(OrchestrationMetadata run, bool withPlan = false)
    {
        if (!run.IsOf(nameof(PromoteModel)) || run.ReadInputAs<PromotionInput>() is not { } input)
        {
            return null;
        }
        PromotionStatus? status = PromotionEnd.StatusOf(run);
        PromotionResult? end = PromotionEnd.Of(run);
        return new PromotionAnswer(
            run.InstanceId,
            input.Model,
            input.Version,
            input.From,
            input.To,
            input.RequestedBy,
            input.RequestedAt,
            status?.Stage ?? "starting",
            end?.Verdict,
            end?.Reason,
            status?.Before,
            status?.Steps ?? [],
            status?.Approvals ?? [],
            status?.Findings ?? [],
            status?.Reports ?? [],
            withPlan ? input.Plan : null,
            $"/api/promotions/{run.InstanceId}",
            input.RequestedById,
            PlanSight.Warnings(input.Plan)
        );
    }
}
