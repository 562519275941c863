using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>
/// One execution of an orchestrator, alive between its turns: events go in, decisions come out, and nothing else happens. It
/// knows no clock, store or thread of its own, so that replaying a history always rebuilds the same execution. Not
/// thread-safe; one turn at a time, on any thread.
/// </summary>
internal sealed class OrchestrationExecution(
    string instanceId, int generation, DurableRegistry registry, DataConverter converter, string defaultVersion, ILoggerFactory loggers)
{
    private readonly OrchestratorScheduler _scheduler = new();
    private readonly DecisionLog _decisions = new();
    private readonly ExternalEvents _externalEvents = new();
    private readonly List<DurableEvent> _heldWhileSuspended = [];

    private ReplayContext? _context;
    private Task<object?>? _code;
    private DurableEvent? _end;
    private bool _suspended;

    public string InstanceId => instanceId;

    /// <summary>Which execution under this instance id; results meant for an earlier one are not for this.</summary>
    public int Generation => generation;

    public ExecutionStarted? Started { get; private set; }

    public DateTime Now { get; private set; }

    public bool IsReplaying { get; private set; }

    public DecisionLog Decisions => _decisions;

    public ExternalEvents ExternalEvents => _externalEvents;

    public DataConverter Converter => converter;

    /// <summary>The version of a sub-orchestration that is called without one.</summary>
    public string DefaultVersion => defaultVersion;

    public ILoggerFactory Loggers => loggers;

    /// <summary>How it ended, or null while it runs.</summary>
    public DurableEvent? Ended => _end;

    /// <summary>Brings a new execution to where its history ends, or to failure where the code no longer follows it.</summary>
    public void Replay(IReadOnlyList<DurableEvent> history)
    {
        IsReplaying = true;
        try
        {
            foreach (DurableEvent item in history)
                Apply(item);
            _decisions.ExpectAllMatched();
            if (_end is not null && history[^1] is not ExecutionCompleted)
                throw new NonDeterministicOrchestrationException(history.Count, "the code ends here, but the history goes on.");
        }
        catch (NonDeterministicOrchestrationException e)
        {
            // Code that is not there at all has said so already.
            if (_code is not null || _end is null)
                _end = Failed(TaskFailureDetails.FromException(e));
        }

        IsReplaying = false;
    }

    /// <summary>Runs the code on new events, as far as they take it.</summary>
    public Turn Advance(DateTime now, IReadOnlyList<DurableEvent> events)
    {
        List<DurableEvent> appended = [new TurnStarted { At = now > Now ? now : Now }];
        Apply(appended[0]);
        int taken = 0;
        for (; taken < events.Count && _end is null; taken++)
        {
            appended.Add(events[taken]);
            Apply(events[taken]);
        }

        FailIfLost();
        appended.AddRange(_decisions.TakeNew(Now));
        if (_end is not null)
            appended.Add(CarryOver(_end, events.Skip(taken)) with { At = Now });
        return new Turn(appended, _end is null ? null : appended[^1], _suspended, _context?.CustomStatus);
    }

    public void ThrowIfOutsideTurn()
    {
        if (!_scheduler.IsOnTurn)
            throw new InvalidOperationException(
                $"Orchestrator '{Started?.Name}' used its context from outside its own code, for example from a task it started. "
                + "Await only tasks of the context; do everything else in activities.");
    }

    private void Apply(DurableEvent item)
    {
        switch (item)
        {
            case TurnStarted turn:
                Now = turn.At;
                return;
            case Decision decision:
                _decisions.Match(decision);
                return;
            case TerminationRequested request:
                End(new ExecutionCompleted(OrchestrationRuntimeStatus.Terminated, request.Output, null));
                return;
            case Suspended:
                _suspended = true;
                return;
            case Resumed:
                Resume();
                return;
            case ExecutionCompleted or ContinuedAsNew:
                End(item);
                return;
        }

        if (_suspended)
            _heldWhileSuspended.Add(item);
        else if (_end is null)
            Step(item);
    }

    private void Resume()
    {
        _suspended = false;
        while (_heldWhileSuspended.Count > 0 && _end is null)
        {
            DurableEvent oldest = _heldWhileSuspended[0];
            _heldWhileSuspended.RemoveAt(0);
            Step(oldest);
        }
    }

    private void Step(DurableEvent item)
    {
        _scheduler.Run(() =>
        {
            switch (item)
            {
                case ExecutionStarted started:
                    Start(started);
                    break;
                case EventRaised raised:
                    _externalEvents.Raise(raised);
                    break;
                case TaskResult result:
                    _decisions.Complete(result);
                    break;
            }
        });
        if (_code is { IsCompleted: true } && _end is null)
            End(Outcome(_code));
    }

    private void Start(ExecutionStarted started)
    {
        Started = started;
        if (registry.FindOrchestrator(started.Name) is not { } function)
        {
            End(Failed(TaskNotFound.Orchestrator(started.Name)));
            return;
        }

        _context = new ReplayContext(this, started);

        // Awaited in here, so that code which ends on another thread wakes the scheduler, which takes note, and ends nothing.
        _code = Task.Factory
            .StartNew(async () => await function(_context), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler)
            .Unwrap();
    }

    private DurableEvent Outcome(Task<object?> code)
    {
        try
        {
            object? output = code.GetAwaiter().GetResult();
            return _context!.NextExecution ?? (DurableEvent)new ExecutionCompleted(
                OrchestrationRuntimeStatus.Completed, converter.Serialize(output), null);
        }
        catch (Exception e)
        {
            return Failed(TaskFailureDetails.FromException(e));
        }
    }

    // Code that waits for none of its context's tasks waits for something that will not come again in a replay.
    private void FailIfLost()
    {
        bool waits = _decisions.HasOpenTasks || _externalEvents.HasWaiters || _heldWhileSuspended.Count > 0;
        if (_code is null || _end is not null || (waits && !_scheduler.WokenFromOutside))
            return;

        End(Failed(TaskFailureDetails.FromException(new NonDeterministicOrchestrationException(
            $"Orchestrator '{Started!.Name}' awaits something that is not a task of its TaskOrchestrationContext, such as I/O, "
            + "Task.Delay or Task.Run, or awaits with ConfigureAwait(false). Do such work in an activity, or use CreateTimer."))));
    }

    // Events that came too late for this execution belong to the next one.
    private DurableEvent CarryOver(DurableEvent end, IEnumerable<DurableEvent> notTaken)
    {
        if (end is not ContinuedAsNew next)
            return end;
        IEnumerable<DurableEvent> left = [.. _externalEvents.Kept, .. _heldWhileSuspended, .. notTaken];
        return next with
        {
            Carried = [.. left.Where(item => item is Suspended or Resumed or TerminationRequested
                || (item is EventRaised && _context!.PreservesEvents))],
        };
    }

    private void End(DurableEvent end) => _end ??= end;

    private static ExecutionCompleted Failed(TaskFailureDetails failure) =>
        new(OrchestrationRuntimeStatus.Failed, failure.ErrorMessage, failure);
}
