using System.Text.Json.Nodes;
using DurableTask.Core;
using DurableTask.Core.History;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Part of a run's history.</summary>
/// <param name="Total">Events of the whole.</param>
/// <param name="Next">Where the rest begins; null at the end.</param>
/// <param name="Trace">The id of the trace that the run belongs to, of W3C's traceparent.</param>
internal sealed record RunHistory(IReadOnlyList<RunEvent> Events, int Total, int? Next, string? Parent, string? Trace)
{
    private const int TraceStart = 3;
    private const int TraceLength = 32;

    public static RunHistory Of(IReadOnlyList<HistoryEvent> history, int after, int limit)
    {
        ExecutionStartedEvent? start = history.OfType<ExecutionStartedEvent>().FirstOrDefault();
        RunEvent[] events = [.. history.Skip(after).Take(limit).Select((happened, i) => RunEvent.Of(happened, after + i))];
        int end = after + events.Length;
        return new RunHistory(
            events,
            history.Count,
            end < history.Count ? end : null,
            start?.ParentInstance?.OrchestrationInstance?.InstanceId,
            TraceOf(start?.ParentTraceContext?.TraceParent)
        );
    }

    /// <summary>"00-{32 digits}-{16 digits}-01", w3.org/TR/trace-context.</summary>
    private static string? TraceOf(string? traceParent) =>
        traceParent?.Length > TraceStart + TraceLength ? traceParent.Substring(TraceStart, TraceLength) : null;
}

/// <summary>One event of a run's history.</summary>
/// <param name="Position">Among all events of the history, from 0.</param>
/// <param name="Id">Of what it asks for; -1 of what asks for nothing.</param>
/// <param name="Scheduled">For a result: the id of the event that asked for it.</param>
/// <param name="Instance">For a sub-orchestration: the id of its run.</param>
/// <param name="Input">Absent where it is longer than 1,000 characters: <c>/api/runs/{id}/events/{position}</c> has it whole; the same of
/// the result.</param>
/// <param name="Characters">Of the input or result.</param>
internal sealed record RunEvent(
    int Position,
    int Id,
    string Type,
    DateTimeOffset Time,
    string? Name = null,
    int? Scheduled = null,
    string? Instance = null,
    JsonNode? Input = null,
    JsonNode? Result = null,
    int Characters = 0,
    string? Reason = null,
    RunFailure? Failure = null,
    DateTimeOffset? FireAt = null
)
{
    public static RunEvent Of(HistoryEvent happened, int position, int maxCharacters = RunPayload.MaxOfEvent)
    {
        (string? input, string? result) = PayloadsOf(happened);
        RunEvent plain = new(
            position,
            happened.EventId,
            happened.EventType.ToString(),
            happened.Timestamp,
            Input: RunPayload.Read(input, maxCharacters),
            Result: RunPayload.Read(result, maxCharacters),
            Characters: (input ?? result)?.Length ?? 0
        );
        return happened switch
        {
            ExecutionStartedEvent e => plain with { Name = e.Name },
            ExecutionCompletedEvent e => plain with { Reason = e.FailureDetails?.ErrorMessage, Failure = FailureOf(e.FailureDetails) },
            ExecutionTerminatedEvent e => plain with { Reason = e.Input },
            ExecutionSuspendedEvent e => plain with { Reason = e.Reason },
            ExecutionResumedEvent e => plain with { Reason = e.Reason },
            TaskScheduledEvent e => plain with { Name = e.Name },
            TaskCompletedEvent e => plain with { Scheduled = e.TaskScheduledId },
            TaskFailedEvent e => Failed(plain, e.TaskScheduledId, e.FailureDetails, e.Reason),
            TimerCreatedEvent e => plain with { FireAt = e.FireAt },
            TimerFiredEvent e => plain with { Scheduled = e.TimerId, FireAt = e.FireAt },
            EventRaisedEvent e => plain with { Name = e.Name },
            EventSentEvent e => plain with { Name = e.Name, Instance = e.InstanceId },
            SubOrchestrationInstanceCreatedEvent e => plain with { Name = e.Name, Instance = e.InstanceId },
            SubOrchestrationInstanceCompletedEvent e => plain with { Scheduled = e.TaskScheduledId },
            SubOrchestrationInstanceFailedEvent e => Failed(plain, e.TaskScheduledId, e.FailureDetails, e.Reason),
            _ => plain,
        };
    }

    private static (string? Input, string? Result) PayloadsOf(HistoryEvent happened) =>
        happened switch
        {
            ExecutionStartedEvent e => (e.Input, null),
            ExecutionCompletedEvent e => (null, e.Result),
            TaskScheduledEvent e => (e.Input, null),
            TaskCompletedEvent e => (null, e.Result),
            EventRaisedEvent e => (e.Input, null),
            EventSentEvent e => (e.Input, null),
            SubOrchestrationInstanceCreatedEvent e => (e.Input, null),
            SubOrchestrationInstanceCompletedEvent e => (null, e.Result),
            _ => (null, null),
        };

    private static RunEvent Failed(RunEvent plain, int scheduled, FailureDetails? details, string? reason) =>
        plain with
        {
            Scheduled = scheduled,
            Reason = details?.ErrorMessage ?? reason,
            Failure = FailureOf(details),
        };

    private static RunFailure? FailureOf(FailureDetails? details, int depth = 1) =>
        details is null || depth > RunFailure.MaxDepth
            ? null
            : new RunFailure(details.ErrorType, details.ErrorMessage, details.StackTrace, FailureOf(details.InnerFailure, depth + 1));
}
