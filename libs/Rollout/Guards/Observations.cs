namespace Serverless.Rollout.Guards;

/// <summary>One request as a guardrail sees it.</summary>
/// <param name="Failed">The caller got no answer through a fault of ours.</param>
/// <param name="Invalid">The caller got an answer that is none: not a number, or empty where it must not be.</param>
/// <param name="Milliseconds">What the server spent on it; null where that says nothing (a request that failed at once).</param>
public readonly record struct ArmObservation(bool Failed, bool Invalid, double? Milliseconds, double? Score);

/// <summary>One input that both versions answered.</summary>
/// <param name="Disagrees">Null where the two cannot be compared, since one of them failed.</param>
/// <param name="Slices">"language=de", "label=cat": what the request has in common with others.</param>
public readonly record struct ShadowObservation(
    bool? Disagrees,
    bool CandidateFailed,
    bool ReferenceFailed,
    bool CandidateInvalid,
    bool ReferenceInvalid,
    IReadOnlyList<string> Slices
);
