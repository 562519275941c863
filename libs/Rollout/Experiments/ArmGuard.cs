namespace Serverless.Rollout.Experiments;

/// <summary>Null where callers may meet all arms; otherwise why they may not.</summary>
public delegate Task<string?> ArmGuard(ExperimentDesign design, CancellationToken cancellationToken);
