using System.Text.Json;
using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;

namespace Serverless.Functions.Azure.Runs;

/// <summary>What one turn of an orchestration shows of its run.</summary>
/// <param name="IsFirst">The start of the run is among what is new to it.</param>
/// <param name="Started">When the run was started; null where the history that the turn was told does not say.</param>
/// <param name="EndState">In snake case; null while the run goes on.</param>
internal sealed record OrchestrationTurn(bool IsFirst, DateTimeOffset? Started, string? EndState)
{
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

    private static OrchestrationTurn Of(OrchestratorRequest told, OrchestratorResponse answer)
    {
        HistoryEvent? started = told.PastEvents.Concat(told.NewEvents).FirstOrDefault(one => one.ExecutionStarted is not null);
        CompleteOrchestrationAction? end = answer
            .Actions.Select(action => action.CompleteOrchestration)
            .OfType<CompleteOrchestrationAction>()
            .FirstOrDefault();
        return new OrchestrationTurn(
            told.NewEvents.Any(one => one.ExecutionStarted is not null),
            started?.Timestamp?.ToDateTimeOffset(),
            end is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(end.OrchestrationStatus.ToString())
        );
    }
}
