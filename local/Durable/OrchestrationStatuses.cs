using DurableTask.Core;

namespace Serverless.Local.Durable;

/// <summary>Which statuses are the end of an execution.</summary>
internal static class OrchestrationStatuses
{
    /// <summary>
    /// Running, continued as new, pending and suspended, as a list for SQL.
    /// </summary>
    public const string UnfinishedList = "0, 2, 6, 7";

    /// <summary>All but those that have completed, as a condition for SQL. An index has it too: another condition, another index.</summary>
    public const string NotCompleted = "status <> 1";

    /// <summary>Whether an orchestration that another one started is none of its business any more.</summary>
    public static bool IsDetached(IDictionary<string, string>? tags) => tags?.ContainsKey(OrchestrationTags.FireAndForget) == true;

    public static bool IsFinished(OrchestrationStatus status) =>
        status
            is OrchestrationStatus.Completed
                or OrchestrationStatus.Failed
                or OrchestrationStatus.Canceled
                or OrchestrationStatus.Terminated;
}
