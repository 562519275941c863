using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.History;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace Serverless.Local.Durable.Turns;

/// <summary>
/// What becomes of a turn that took the process down each time: an orchestration fails, callers of an entity get a failure.
/// </summary>
internal sealed record PoisonedTurn(OrchestrationState? State, TurnMessages Messages)
{
    private const string ErrorType = "WorkItemPoisoned";

    public static PoisonedTurn Of(TurnWorkItem item)
    {
        FailureDetails failure = Failure($"A turn of '{item.InstanceId}'", item.Claim.Attempts - 1);
        if (Entities.IsEntityInstance(item.InstanceId))
        {
            IEnumerable<TaskMessage> answers = item.NewMessages.Select(message => Answer(message, failure)).OfType<TaskMessage>();
            return new PoisonedTurn(null, new TurnMessages([], [], answers));
        }

        OrchestrationRuntimeState state = item.OrchestrationRuntimeState;
        if (state.ExecutionCompletedEvent is not null || !CanStart(item))
        {
            return new PoisonedTurn(null, TurnMessages.None);
        }

        ForcedEnd.Fail(state, item.NewMessages, failure);
        TaskMessage? result = ForcedEnd.ResultForParent(state, failure.ErrorMessage, failure);
        return new PoisonedTurn(Utils.BuildOrchestrationState(state), new TurnMessages([], [], result is null ? [] : [result]));
    }

    public static FailureDetails Failure(string subject, int attempts) =>
        new(ErrorType, $"{subject} began {attempts} times without an end: the process died each time.", null, null, isNonRetriable: true);

    private static bool CanStart(TurnWorkItem item) =>
        item.OrchestrationRuntimeState.ExecutionStartedEvent is not null
        || item.NewMessages.Any(message => message.Event is ExecutionStartedEvent);

    // The names are those of the framework's request and response messages, whose types are its own.
    private static TaskMessage? Answer(TaskMessage message, FailureDetails failure)
    {
        if (message.Event is not EventRaisedEvent { Input: { } input } request || !request.Name.StartsWith("op", StringComparison.Ordinal))
        {
            return null;
        }

        using JsonTextReader reader = new(new StringReader(input)) { DateParseHandling = DateParseHandling.None };
        JObject call = JObject.Load(reader);
        string? caller = (string?)call["parent"];
        if (caller is null || (bool?)call["signal"] == true)
        {
            return null;
        }

        JObject response = new()
        {
            ["result"] = failure.ErrorMessage,
            ["exceptionType"] = ErrorType,
            ["failureDetails"] = JObject.FromObject(failure),
        };
        return new TaskMessage
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = caller, ExecutionId = (string?)call["parentExecution"] },
            Event = new EventRaisedEvent(-1, response.ToString(Formatting.None)) { Name = (string)call["id"]! },
        };
    }
}
