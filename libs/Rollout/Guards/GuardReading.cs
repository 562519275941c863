namespace Serverless.Rollout.Guards;

/// <summary>How one guardrail stands at one look.</summary>
/// <param name="Guard">As a finding's, or "mirroredErrors", "mirroredInvalidOutputs", "sliceDisagreement" for the slice with the most
/// evidence.</param>
/// <param name="Stable">What was measured of the stable version: a share, milliseconds; null where nothing was, or it is not
/// compared.</param>
/// <param name="Canary">What was measured of the candidate; of scores the stability index.</param>
/// <param name="Bound">What the candidate's measure may be, by what was measured of the stable version; null while nothing was.</param>
/// <param name="Evidence">How much of the evidence that breaks the guardrail is there: from 0; at 1 it breaks.</param>
public sealed record GuardReading(string Guard, double? Stable, double? Canary, double? Bound, double Evidence);

/// <summary>What is to be thought of a candidate at one look.</summary>
/// <param name="Findings">All guardrails that are broken; none while the candidate keeps its limits, or too little was seen.</param>
/// <param name="Readings">How each guardrail stands of which something was seen.</param>
public sealed record GuardVerdict(IReadOnlyList<GuardFinding> Findings, IReadOnlyList<GuardReading> Readings);

/// <summary>A guardrail's test of what was seen so far: how it stands, and what is to be said once it is broken.</summary>
internal sealed record GuardTest(GuardReading Reading, bool IsBroken, GuardFinding Finding);
