using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.Entities;
using DurableTask.Core.History;
using Microsoft.DurableTask;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>One orchestration: its history, and what waits for its next turn. Its owner holds a lock round every call.</summary>
internal sealed class RunningInstance(ExecutionStartedEvent started, DateTimeOffset createdAt)
{
    private List<HistoryEvent> _history = [];

    public string Id => started.OrchestrationInstance.InstanceId;

    public string Name => started.Name;

    public string? Input => started.Input;

    public ParentInstance? Parent => started.ParentInstance;

    public DateTimeOffset CreatedAt => createdAt;

    public DateTimeOffset ChangedAt { get; private set; }

    public OrchestrationStatus Status { get; set; } = OrchestrationStatus.Pending;

    public string? CustomStatus { get; private set; }

    public ExecutionCompletedEvent? End { get; set; }

    public List<HistoryEvent> Inbox { get; } = [started];

    public IReadOnlyList<HistoryEvent> History => _history;

    /// <summary>Activities that were asked for and not answered, by their id.</summary>
    public Dictionary<int, TaskScheduledEvent> OpenActivities { get; } = [];

    public bool IsCompleted => End is not null;

    /// <summary>Replays the history with what waits, keeps the new events, and returns what the code asks for.</summary>
    public IReadOnlyList<OrchestratorAction> TakeTurn(OrchestrationRegistry registry, DateTimeOffset now)
    {
        OrchestrationRuntimeState state = new([.. _history]);
        state.AddEvent(new OrchestratorStartedEvent(-1) { Timestamp = now.UtcDateTime });
        foreach (HistoryEvent item in Inbox)
        {
            state.AddEvent(item);
        }
        Inbox.Clear();

        OrchestratorExecutionResult result = Execute(registry, state);
        _history = [.. state.Events];
        (CustomStatus, ChangedAt, Status) = (result.CustomStatus ?? CustomStatus, now, OrchestrationStatus.Running);
        return [.. result.Actions];
    }

    public void Keep(HistoryEvent item) => _history.Add(item);

    /// <summary>Begins anew with another input; what came meanwhile goes along.</summary>
    public void BeginAgain(string? input, IEnumerable<HistoryEvent> carried)
    {
        _history = [];
        started = new ExecutionStartedEvent(-1, input)
        {
            Name = started.Name,
            Version = started.Version,
            OrchestrationInstance = new OrchestrationInstance { InstanceId = Id, ExecutionId = Id },
            ParentInstance = started.ParentInstance,
        };
        Inbox.InsertRange(0, [started, .. carried]);
    }

    /// <summary>What the functions' worker does with a turn's history.</summary>
    internal static OrchestratorExecutionResult Execute(OrchestrationRegistry registry, OrchestrationRuntimeState state)
    {
        ParentOrchestrationInstance? parent = state.ParentInstance is { } p ? new(p.Name, p.OrchestrationInstance.InstanceId) : null;
        TaskOrchestrationExecutor executor = new(
            state,
            registry.CreateOrchestration(state.Name, parent),
            BehaviorOnContinueAsNew.Carryover,
            null,
            ErrorPropagationMode.UseFailureDetails
        );
        return executor.Execute();
    }
}
