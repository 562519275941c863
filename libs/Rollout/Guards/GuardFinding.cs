namespace Serverless.Rollout.Guards;

/// <summary>A guardrail that was broken, with the evidence.</summary>
/// <param name="Guard">"errors", "invalidOutputs", "latency", "latencyP95", "latencyP99", "disagreement", "scoreDrift", "feedback";
/// "maxErrorShare", "maxP95Milliseconds", "minGoodShare"; "errorBudget", "latencyBudget".</param>
/// <param name="Message">For people: what was seen in both arms, and what is allowed.</param>
/// <param name="PValue">Valid at any time: how probable so much evidence would ever be, were the limit kept.</param>
public sealed record GuardFinding(string Guard, string Message, double PValue, string? Slice = null);
