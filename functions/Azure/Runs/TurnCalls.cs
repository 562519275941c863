using Microsoft.DurableTask.Protobuf;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Counts what a run asked for, by its history and what it asks for now.</summary>
internal static class TurnCalls
{
    /// <summary>By name, in the order in which they were first asked for.</summary>
    public static IReadOnlyList<RunCall> Of(OrchestratorRequest told, OrchestratorResponse answer)
    {
        List<string> names = [];
        Dictionary<string, (int Count, int Failed)> counts = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<int, string> asked = [];
        foreach (HistoryEvent one in told.PastEvents.Concat(told.NewEvents))
        {
            if ((one.TaskScheduled?.Name ?? one.SubOrchestrationInstanceCreated?.Name) is { } name)
            {
                asked[one.EventId] = name;
                Add(name, 1, 0);
            }
            else if (FailedOf(one) is { } failed && asked.TryGetValue(failed, out string? which))
            {
                Add(which, 0, 1);
            }
        }
        foreach (OrchestratorAction action in answer.Actions)
        {
            if ((action.ScheduleTask?.Name ?? action.CreateSubOrchestration?.Name) is { } name)
            {
                Add(name, 1, 0);
            }
        }
        return [.. names.Select(name => new RunCall(name, counts[name].Count, counts[name].Failed))];

        void Add(string name, int count, int failed)
        {
            if (!counts.TryGetValue(name, out var before))
            {
                names.Add(name);
            }
            counts[name] = (before.Count + count, before.Failed + failed);
        }
    }

    /// <summary>The id of what failed.</summary>
    private static int? FailedOf(HistoryEvent one) =>
        one.TaskFailed?.TaskScheduledId ?? one.SubOrchestrationInstanceFailed?.TaskScheduledId;
}
