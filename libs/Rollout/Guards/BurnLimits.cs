namespace Serverless.Rollout.Guards;

/// <summary>
/// What a candidate's requests may take of the error budgets of its model's objectives while it is watched. They come from the objectives
/// and the factor of their fastest window, whatever a plan says.
/// </summary>
/// <param name="FailedShare">Of all requests.</param>
/// <param name="SlowShare">Of all answers.</param>
/// <param name="SlowMilliseconds">An answer that takes longer is slow.</param>
public sealed record BurnLimits(double FailedShare, double SlowShare, double SlowMilliseconds);
