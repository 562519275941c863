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
            BulkAct.Suspend => run.RuntimeStatus == OrchestrationRuntimeStatus.Suspended,
            BulkAct.Resume => run.RuntimeStatus != OrchestrationRuntimeStatus.Suspended,
            BulkAct.Terminate => run.RuntimeStatus == OrchestrationRuntimeStatus.Terminated,
            BulkAct.Restart => run.CreatedAt > asked.AskedAt,
            BulkAct.Rewind => run.LastUpdatedAt > asked.AskedAt,
            _ => false,
        };

    /// <summary>
    /// A run that was begun anew since the act was asked for is not the one that was meant; one that had ended and stands otherwise by now
    /// somebody else has dealt with; one whose job was to be cancelled may wait for another by now.
    /// </summary>
    /// <exception cref="RunActException">It is not to be acted on.</exception>
    public static void CheckUnchanged(ActOnRunsInput asked, OrchestrationMetadata run)
    {
        bool isOfThatState = asked.Act is BulkAct.Restart or BulkAct.Rewind or BulkAct.Purge or BulkAct.Cancel;
        if (run.CreatedAt > asked.AskedAt || (isOfThatState && run.LastUpdatedAt > asked.AskedAt))
        {
            throw new RunActException(
                RunActFault.Conflict,
                $"Run '{run.InstanceId}' has changed at {run.LastUpdatedAt:O}, after the act was asked for at {asked.AskedAt:O}."
            );
        }
    }

    /// <summary>Whether a refusal says that an act which was begun has been done.</summary>
    public static bool IsDone(BulkAct act, RunActFault fault) =>
        (act, fault)
            is
                (BulkAct.Purge, RunActFault.Missing)
                or
                (BulkAct.Cancel, RunActFault.Conflict)
                or
                (BulkAct.Requeue, RunActFault.Conflict)
                or
                (BulkAct.Redrive, RunActFault.Conflict);
}
