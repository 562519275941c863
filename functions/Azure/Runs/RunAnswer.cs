using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;

namespace Serverless.Functions.Azure.Runs;

/// <summary>A run of an orchestration. Input and output are there when one run is asked for.</summary>
internal sealed record RunAnswer(
    string Id,
    string Name,
    OrchestrationRuntimeStatus Status,
    JsonNode? CustomStatus,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    JsonNode? Input,
    JsonNode? Output,
    string? Failure,
    IReadOnlyList<RunEvent>? History
)
{
    public static RunAnswer Of(OrchestrationMetadata run, IReadOnlyList<RunEvent>? history = null) =>
        new(
            run.InstanceId,
            run.Name,
            run.RuntimeStatus,
            ReadPayload(run.SerializedCustomStatus),
            run.CreatedAt,
            run.LastUpdatedAt,
            history is null ? null : ReadPayload(run.SerializedInput),
            history is null ? null : ReadPayload(run.SerializedOutput),
            run.FailureDetails?.ErrorMessage,
            history
        );

    /// <summary>Payloads are JSON in general; what is not is shown as it stands.</summary>
    internal static JsonNode? ReadPayload(string? payload)
    {
        if (string.IsNullOrEmpty(payload))
        {
            return null;
        }
        try
        {
            return JsonNode.Parse(payload);
        }
        catch (JsonException)
        {
            return JsonValue.Create(payload);
        }
    }
}

/// <summary>One event of a run's history, in the order in which they happened.</summary>
/// <param name="Scheduled">For a result: the id of the event that asked for it.</param>
internal sealed record RunEvent(
    int Id,
    string Type,
    DateTimeOffset Time,
    string? Name,
    int? Scheduled,
    JsonNode? Input,
    JsonNode? Result,
    string? Reason,
    DateTimeOffset? FireAt
)
{
    public static RunEvent Of(HistoryEvent happened)
    {
        RunEvent plain = new(happened.EventId, happened.EventType.ToString(), happened.Timestamp, null, null, null, null, null, null);
        return happened switch
        {
            ExecutionStartedEvent e => plain with { Name = e.Name, Input = RunAnswer.ReadPayload(e.Input) },
            ExecutionCompletedEvent e => plain with { Result = RunAnswer.ReadPayload(e.Result), Reason = e.FailureDetails?.ErrorMessage },
            ExecutionTerminatedEvent e => plain with { Reason = e.Input },
            TaskScheduledEvent e => plain with { Name = e.Name, Input = RunAnswer.ReadPayload(e.Input) },
            TaskCompletedEvent e => plain with { Scheduled = e.TaskScheduledId, Result = RunAnswer.ReadPayload(e.Result) },
            TaskFailedEvent e => plain with { Scheduled = e.TaskScheduledId, Reason = e.FailureDetails?.ErrorMessage ?? e.Reason },
            TimerCreatedEvent e => plain with { FireAt = e.FireAt },
            TimerFiredEvent e => plain with { Scheduled = e.TimerId, FireAt = e.FireAt },
            EventRaisedEvent e => plain with { Name = e.Name, Input = RunAnswer.ReadPayload(e.Input) },
            SubOrchestrationInstanceCreatedEvent e => plain with { Name = e.Name, Input = RunAnswer.ReadPayload(e.Input) },
            SubOrchestrationInstanceCompletedEvent e => plain with
            {
                Scheduled = e.TaskScheduledId,
                Result = RunAnswer.ReadPayload(e.Result),
            },
            SubOrchestrationInstanceFailedEvent e => plain with
            {
                Scheduled = e.TaskScheduledId,
                Reason = e.FailureDetails?.ErrorMessage ?? e.Reason,
            },
            _ => plain,
        };
    }
}
