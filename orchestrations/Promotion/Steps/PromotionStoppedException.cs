using Serverless.Rollout.Guards;

namespace Serverless.Orchestrations.Promotion;

/// <summary>A step did not pass. Never leaves the orchestrator, which undoes what was done and ends.</summary>
internal sealed class PromotionStoppedException(string reason, IReadOnlyList<GuardFinding>? findings = null) : Exception(reason)
{
    public IReadOnlyList<GuardFinding> Findings { get; } = findings ?? [];
}
