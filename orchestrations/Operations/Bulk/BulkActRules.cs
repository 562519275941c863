using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Operations.Bulk;

/// <summary>
/// What holds for an act on many runs, which is done a while after it was asked for, and by a process that may end within.
/// </summary>
internal static class BulkActRules
{
    /// <summary>
    /// Whether a run shows that it has taken the act: asked of one on which it was begun, by a process that ended before it could keep what
    /// came of it.
    /// </summary>
    public static bool HasTaken(ActOnRunsInput asked, OrchestrationMetadata run) =>
        asked.Act switch
        {
            RunAct.Suspend => run.RuntimeStatus == OrchestrationRuntimeStatus.Suspended,
            RunAct.Resume => run.RuntimeStatus != OrchestrationRuntimeStatus.Suspended,
            RunAct.Terminate => run.RuntimeStatus == OrchestrationRuntimeStatus.Terminated,
            RunAct.Restart => run.CreatedAt > asked.AskedAt,
            RunAct.Rewind => run.LastUpdatedAt > asked.AskedAt,
            _ => false,
        };

    /// <summary>
    /// A run that was begun anew since the act was asked for is not the one that was meant; one that had ended and stands otherwise by now
    /// somebody else has dealt with.
    /// </summary>
    /// <exception cref="RunActException">It is not to be acted on.</exception>
    public static void CheckUnchanged(ActOnRunsInput asked, OrchestrationMetadata run)
    {
        bool isOfEnded = asked.Act is RunAct.Restart or RunAct.Rewind or RunAct.Purge;
        if (run.CreatedAt > asked.AskedAt || (isOfEnded && run.LastUpdatedAt > asked.AskedAt))
        {
            throw new RunActException(
                RunActFault.Conflict,
                $"Run '{run.InstanceId}' has changed at {run.LastUpdatedAt:O}, after the act was asked for at {asked.AskedAt:O}."
            );
        }
    }
}
