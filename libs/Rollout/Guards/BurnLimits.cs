namespace Serverless.Rollout.Guards;

/// <summary>
/// What a candidate's requests may take of the error budgets of its model's objectives while it is watched. They come from the objectives
/// and from the factor and the short window of their fastest burn rate, whatever a plan says; the long window is that of the step.
/// </summary>
/// <param name="FailedShare">Of all requests.</param>
/// <param name="SlowShare">Of all answers.</param>
/// <param name="SlowMilliseconds">An answer that takes longer is slow.</param>
/// <param name="ShortMinutes">Both shares must be met in the last so many minutes too: what burned and burns no more is over.</param>
public sealed record BurnLimits(double FailedShare, double SlowShare, double SlowMilliseconds, int ShortMinutes = 5);
