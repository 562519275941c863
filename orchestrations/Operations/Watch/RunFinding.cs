namespace Serverless.Orchestrations.Operations.Watch;

/// <summary>A run that makes no progress, as an alert tells it.</summary>
/// <param name="Rule">The alert rule that it is about.</param>
/// <param name="Subject">What findings are told together by: the orchestrator, or the activity.</param>
/// <param name="Found">For people, with what was done about it.</param>
public sealed record RunFinding(string Rule, string Subject, string Run, string Found)
{
    /// <summary>It waits for nothing, and does nothing.</summary>
    public const string HaltedRule = "haltedRun";

    /// <summary>An activity takes longer than it may.</summary>
    public const string SlowRule = "slowActivity";

    /// <summary>A job for gpu-batch is neither in a queue nor in a worker's hand.</summary>
    public const string LostRule = "lostJob";
}
