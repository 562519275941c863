using Google.Protobuf;
using Microsoft.DurableTask.Protobuf;

namespace Serverless.Functions.Azure.Runs.Acts;

/// <summary>
/// Mends what a rewound run is told of its history. The engine takes the failed tries of a step out of it, but leaves the timers of the
/// pauses between them (DurableTask.Core 3.11, TaskOrchestrationDispatcher), so that a replay finds timers where the step is to be asked
/// for and fails as not deterministic. Here they are taken out as well; the run store keeps them. Where several steps went on beside the
/// one that failed, and asked for more after it did, no history can be replayed, and the run fails again.
/// </summary>
internal static class RewoundHistory
{
    /// <summary>The request of a turn with the history as it is to be replayed; null where it is to stay as it is.</summary>
    public static string? Mend(object? asked)
    {
        if (asked is not string encoded)
        {
            return null;
        }
        try
        {
            OrchestratorRequest request = OrchestratorRequest.Parser.ParseFrom(Convert.FromBase64String(encoded));
            if (!request.PastEvents.Any(one => one.ExecutionRewound is not null))
            {
                return null;
            }
            HistoryEvent[] mended = [.. Mend(request.PastEvents)];
            request.PastEvents.Clear();
            request.PastEvents.Add(mended);
            return Convert.ToBase64String(request.ToByteArray());
        }
        catch (Exception e) when (e is FormatException or InvalidProtocolBufferException)
        {
            return null; // another version of the extension
        }
    }

    internal static IEnumerable<HistoryEvent> Mend(IEnumerable<HistoryEvent> history)
    {
        List<HistoryEvent> kept = [];
        foreach (HistoryEvent happened in history)
        {
            if (happened.ExecutionRewound is not null)
            {
                RemovePauses(kept);
            }
            kept.Add(happened);
        }
        return kept;
    }

    /// <summary>What a run asks for is numbered from 0 without a gap; the first gap is where the step was that failed.</summary>
    private static void RemovePauses(List<HistoryEvent> history)
    {
        HashSet<int> asked = [.. history.Where(IsAction).Select(one => one.EventId)];
        int gap = 0;
        while (asked.Contains(gap))
        {
            gap++;
        }
        HashSet<int> pauses = [.. history.Where(one => one.TimerCreated is not null && one.EventId > gap).Select(one => one.EventId)];
        history.RemoveAll(one =>
            (one.TimerCreated is not null && pauses.Contains(one.EventId))
            || (one.TimerFired is { } fired && pauses.Contains(fired.TimerId))
        );
    }

    private static bool IsAction(HistoryEvent one) =>
        one.TaskScheduled is not null
        || one.TimerCreated is not null
        || one.SubOrchestrationInstanceCreated is not null
        || one.EventSent is not null
        || one.EntityOperationCalled is not null
        || one.EntityOperationSignaled is not null;
}
