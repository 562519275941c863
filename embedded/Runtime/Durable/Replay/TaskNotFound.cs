using Microsoft.DurableTask;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>The failures of calling what is not registered: worded as by the cloud engine, never retried.</summary>
internal static class TaskNotFound
{
    private const string OrchestratorErrorType = "OrchestratorTaskNotFound";
    private const string ActivityErrorType = "ActivityTaskNotFound";

    public static TaskFailureDetails Orchestrator(string name) =>
        new(OrchestratorErrorType, $"The orchestrator task named '{name}' was not found.", null, null, null);

    public static TaskFailureDetails Activity(string name) =>
        new(ActivityErrorType, $"The activity task named '{name}' was not found.", null, null, null);

    public static bool Is(TaskFailureDetails failure) => failure.ErrorType is OrchestratorErrorType or ActivityErrorType;
}
