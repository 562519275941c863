namespace Serverless.Rollout.Guards;

/// <summary>What was seen of both arms and of mirrored requests since a step began.</summary>
public sealed class GuardTally
{
    public ArmTally Stable { get; init; } = new();

    public ArmTally Canary { get; init; } = new();

    public ShadowTally Mirror { get; init; } = new();
}
