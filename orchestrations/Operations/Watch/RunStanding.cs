using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using DurableTask.Core.History;
using Serverless.Ingest;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;

namespace Serverless.Orchestrations.Operations.Watch;

public enum StandingKind
{
    /// <summary>An activity is at work, or waits for its turn.</summary>
    Busy,

    /// <summary>A timer, an event, or the end of a run that it started is still to come.</summary>
    Waiting,

    /// <summary>gpu-batch is to answer.</summary>
    WaitingForJob,

    /// <summary>Nothing is to come.</summary>
    Halted,
}

/// <summary>What a run waits for, by its history.</summary>
/// <param name="Since">From when on.</param>
/// <param name="What">For people.</param>
/// <param name="Job">The one that gpu-batch is to answer.</param>
/// <param name="Woken">When it was last woken by the watch without anything having come of it; null where it was not.</param>
internal sealed record RunStanding(
    StandingKind Kind,
    DateTimeOffset Since,
    string What,
    GpuJobMessage? Job = null,
    DateTimeOffset? Woken = null
)
{
    public static RunStanding Of(IReadOnlyList<HistoryEvent> history, KnownOrchestrator? orchestrator, DateTimeOffset now)
    {
        (DateTimeOffset last, DateTimeOffset? woken) = FindProgress(history);
        if (FindOpen(history) is { } open)
        {
            return open;
        }
        if (FindJob(history) is { } job)
        {
            return job;
        }
        HashSet<int> fired = [.. history.OfType<TimerFiredEvent>().Select(one => one.TimerId)];
        TimerCreatedEvent[] timers = [.. history.OfType<TimerCreatedEvent>().Where(one => !fired.Contains(one.EventId))];
        if (timers.FirstOrDefault(one => Utc(one.FireAt) > now) is { } timer)
        {
            return new RunStanding(StandingKind.Waiting, last, $"a timer of {Utc(timer.FireAt):u}");
        }
        // A timer that was given up stays in the history without a result; one that is late is only then the reason if nothing else is.
        if (orchestrator?.Events.Count > 0)
        {
            return new RunStanding(StandingKind.Waiting, last, "an event");
        }
        if (timers.Length == 0)
        {
            return new RunStanding(StandingKind.Halted, last, "nothing", Woken: woken);
        }
        DateTimeOffset due = timers.Max(one => Utc(one.FireAt));
        return new RunStanding(StandingKind.Halted, due > last ? due : last, $"a timer that was due at {due:u}", Woken: woken);
    }

    /// <summary>When something happened last. Turns in which the run was only woken are none of it: nothing came of them.</summary>
    private static (DateTimeOffset Last, DateTimeOffset? Woken) FindProgress(IReadOnlyList<HistoryEvent> history)
    {
        DateTimeOffset? woken = null;
        for (int i = history.Count - 1; i >= 0; i--)
        {
            switch (history[i])
            {
                case EventRaisedEvent { Name: RunNudge.EventName } nudge:
                    woken ??= At(nudge);
                    break;
                case OrchestratorStartedEvent or OrchestratorCompletedEvent:
                    break;
                default:
                    return (At(history[i]), woken);
            }
        }
        return (history.Count == 0 ? default : At(history[0]), woken);
    }

    /// <summary>The activity, else the run, that is awaited for longest.</summary>
    private static RunStanding? FindOpen(IReadOnlyList<HistoryEvent> history)
    {
        HashSet<int> answered = [];
        foreach (HistoryEvent one in history)
        {
            int? of = one switch
            {
                TaskCompletedEvent e => e.TaskScheduledId,
                TaskFailedEvent e => e.TaskScheduledId,
                SubOrchestrationInstanceCompletedEvent e => e.TaskScheduledId,
                SubOrchestrationInstanceFailedEvent e => e.TaskScheduledId,
                _ => null,
            };
            if (of is { } id)
            {
                answered.Add(id);
            }
        }
        return history.OfType<TaskScheduledEvent>().FirstOrDefault(one => !answered.Contains(one.EventId)) is { } task
                ? new RunStanding(StandingKind.Busy, At(task), $"activity {task.Name}")
            : history.OfType<SubOrchestrationInstanceCreatedEvent>().FirstOrDefault(one => !answered.Contains(one.EventId)) is { } child
                ? new RunStanding(StandingKind.Waiting, At(child), $"run {child.InstanceId}")
            : null;
    }

    private static RunStanding? FindJob(IReadOnlyList<HistoryEvent> history)
    {
        for (int i = history.Count - 1; i >= 0; i--)
        {
            switch (history[i])
            {
                case EventRaisedEvent { Name: GpuCompletionMessage.EventName }:
                    return null;
                case TaskScheduledEvent { Name: nameof(EnqueueGpuJob) } asked:
                    // Hosts keep what was asked only where they are told to, what was answered always.
                    return ReadJob(ResultOf(history, asked.EventId) ?? asked.Input) is { } job
                        ? new RunStanding(StandingKind.WaitingForJob, At(history[^1]), $"an answer to job {job.JobId}", job)
                        : null;
                case TaskScheduledEvent:
                    return null;
            }
        }
        return null;
    }

    private static string? ResultOf(IReadOnlyList<HistoryEvent> history, int task) =>
        history.OfType<TaskCompletedEvent>().FirstOrDefault(one => one.TaskScheduledId == task)?.Result;

    private static GpuJobMessage? ReadJob(string? json)
    {
        try
        {
            JsonNode? given = JsonNode.Parse(json ?? "null");
            // The framework writes inputs as lists of one.
            return (given is JsonArray list ? list.FirstOrDefault() : given)?.Deserialize<GpuJobMessage>(StoredJson.Options);
        }
        catch (JsonException)
        {
            return null; // of another version of the app
        }
    }

    private static DateTimeOffset At(HistoryEvent happened) => Utc(happened.Timestamp);

    private static DateTimeOffset Utc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
