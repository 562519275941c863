using System.Text.Json;
using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>What one turn of an orchestration shows of its run.</summary>
/// <param name="IsFirst">The start of the run is among what is new to it.</param>
/// <param name="Start">The start of the run; null where the history that the turn was told does not say.</param>
/// <param name="End">Null while the run goes on.</param>
/// <param name="IsSuspended">Somebody suspended the run, and nobody resumed it since.</param>
/// <param name="HasChangedHands">What is new to it suspends or resumes the run.</param>
/// <param name="Calls">Activities and runs that it and the turns before it asked for, since the run last continued as new.</param>
internal sealed record OrchestrationTurn(
    string InstanceId,
    bool IsFirst,
    HistoryEvent? Start,
    CompleteOrchestrationAction? End,
    string? CustomStatus,
    bool IsSuspended,
    bool HasChangedHands,
    IReadOnlyList<RunCall> Calls
)
{
    public DateTimeOffset? Started => Start?.Timestamp?.ToDateTimeOffset();

    /// <summary>In snake case; null while the run goes on.</summary>
    public string? EndState => End is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(End.OrchestrationStatus.ToString());

    /// <summary>
    /// Reads what the host sends and the Durable extension answers, in the extension's own messages. Null where they are something else.
    /// </summary>
    public static OrchestrationTurn? Read(object? asked, object? answered)
    {
        if (asked is not string request || answered is not string response)
        {
            return null;
        }
        try
        {
            return Of(
                OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(request)),
                OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(response))
            );
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            return null; // another version of the extension: it is not counted, and its run goes on
        }
    }

    private static OrchestrationTurn Of(OrchestratorRequest told, OrchestratorResponse answer) =>
        new(
            told.InstanceId,
            told.NewEvents.Any(one => one.ExecutionStarted is not null),
            told.PastEvents.Concat(told.NewEvents).FirstOrDefault(one => one.ExecutionStarted is not null),
            answer.Actions.Select(action => action.CompleteOrchestration).OfType<CompleteOrchestrationAction>().FirstOrDefault(),
            answer.CustomStatus,
            told.PastEvents.Concat(told.NewEvents).LastOrDefault(IsHalt)?.ExecutionSuspended is not null,
            told.NewEvents.Any(IsHalt),
            TurnCalls.Of(told, answer)
        );

    private static bool IsHalt(HistoryEvent one) => one.ExecutionSuspended is not null || one.ExecutionResumed is not null;
}
