using DurableTask.Core;
using DurableTask.Core.Command;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>
/// Runs orchestrations in memory by a clock that the test moves. The official code replays them; only the store and the clock, which the
/// official dispatcher takes from the system, are the test's. Thread-safe.
/// </summary>
internal sealed class OrchestrationRunner : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, RunningInstance> _instances = [];
    private readonly Queue<RunningInstance> _ready = new();
    private readonly List<ITimer> _timers = [];
    private readonly List<TaskCompletionSource> _quiet = [];
    private CancellationTokenSource _life = new();
    private int _activities;
    private bool _isTakingTurns;

    private readonly TimeProvider _clock;

    /// <param name="clock">Instead of <see cref="Time"/>.</param>
    public OrchestrationRunner(TimeProvider? clock = null)
    {
        _clock = clock ?? Time;
        Client = new RunnerClient(this);
    }

    public ManualTime Time { get; } = new();

    public OrchestrationRegistry Registry { get; } = new();

    public DurableTaskClient Client { get; }

    public static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    public OrchestrationRunner ActivityAsync<TIn, TOut>(string name, Func<TIn, Task<TOut>> code)
    {
        Registry.AddActivity(name, async (invocation, _) =>
            JsonDataConverter.Default.Serialize(await code(JsonDataConverter.Default.Deserialize<TIn>(invocation.Input)!))
        );
        return this;
    }

    public Task<string> BeginAsync(string name, object? input, string id) =>
        Client.ScheduleNewOrchestrationInstanceAsync(
            name,
            input,
            new Microsoft.DurableTask.StartOrchestrationOptions(id),
            CancellationToken
        );

    public Task<OrchestrationMetadata> FinishAsync(string id) =>
        Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, CancellationToken);

    /// <summary>False where the instance exists.</summary>
    public bool TryBegin(string name, string? input, string id, ParentInstance? parent = null)
    {
        lock (_gate)
        {
            ExecutionStartedEvent started = new(-1, input)
            {
                Name = name,
                Version = "",
                OrchestrationInstance = new OrchestrationInstance { InstanceId = id, ExecutionId = id },
                ParentInstance = parent,
            };
            RunningInstance instance = new(started, _clock.GetUtcNow());
            if (!_instances.TryAdd(id, instance))
            {
                return false;
            }
            MakeReady(instance);
            return true;
        }
    }

    public void Deliver(string id, HistoryEvent item)
    {
        lock (_gate)
        {
            if (_instances.TryGetValue(id, out RunningInstance? instance) && !instance.IsCompleted)
            {
                instance.Inbox.Add(item);
                MakeReady(instance);
            }
        }
    }

    public void Terminate(string id, string? reason)
    {
        lock (_gate)
        {
            End(
                _instances[id],
                new OrchestrationCompleteOrchestratorAction
                {
                    Id = -1,
                    OrchestrationStatus = OrchestrationStatus.Terminated,
                    Result = reason,
                }
            );
        }
    }

    /// <summary>What comes for a suspended one waits until it is resumed.</summary>
    public void Suspend(string id, bool isSuspended)
    {
        lock (_gate)
        {
            RunningInstance instance = _instances[id];
            if (!instance.IsCompleted)
            {
                instance.Status = isSuspended ? OrchestrationStatus.Suspended : OrchestrationStatus.Running;
                MakeReady(instance);
            }
        }
    }

    public T? Read<T>(string id, Func<RunningInstance, T> read)
    {
        lock (_gate)
        {
            return _instances.TryGetValue(id, out RunningInstance? instance) ? read(instance) : default;
        }
    }

    public IReadOnlyList<T> ReadAll<T>(Func<RunningInstance, T> read)
    {
        lock (_gate)
        {
            return [.. _instances.Values.Select(read)];
        }
    }

    /// <summary>Completes once nothing runs: what has not happened by then happens by an event or by time alone.</summary>
    public Task QuietAsync()
    {
        lock (_gate)
        {
            if (_activities == 0)
            {
                return Task.CompletedTask;
            }
            TaskCompletionSource quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _quiet.Add(quiet);
            return quiet.Task.WaitAsync(CancellationToken);
        }
    }

    /// <summary>Forgets what activities were about to answer, as a crash would, and runs them again.</summary>
    public async Task CrashAndRestartAsync()
    {
        CancellationTokenSource ended;
        lock (_gate)
        {
            ended = _life;
            (_life, _activities) = (new CancellationTokenSource(), 0);
            foreach (RunningInstance instance in _instances.Values.Where(instance => !instance.IsCompleted))
            {
                foreach (TaskScheduledEvent open in instance.OpenActivities.Values)
                {
                    StartActivity(instance, open);
                }
            }
        }
        await ended.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _life.CancelAsync();
        lock (_gate)
        {
            _timers.ForEach(timer => timer.Dispose());
        }
    }

    private void MakeReady(RunningInstance instance)
    {
        _ready.Enqueue(instance);
        if (_isTakingTurns)
        {
            return;
        }
        _isTakingTurns = true;
        while (_ready.TryDequeue(out RunningInstance? next))
        {
            if (next is { IsCompleted: false, Status: not OrchestrationStatus.Suspended, Inbox.Count: > 0 })
            {
                TakeTurn(next);
            }
        }
        _isTakingTurns = false;
    }

    private void TakeTurn(RunningInstance instance)
    {
        OrchestrationCompleteOrchestratorAction? end = null;
        foreach (OrchestratorAction action in instance.TakeTurn(Registry, _clock.GetUtcNow()))
        {
            if (action is OrchestrationCompleteOrchestratorAction complete)
            {
                end = complete;
            }
            else
            {
                Do(instance, action);
            }
        }
        if (end is not null)
        {
            End(instance, end);
        }
        else
        {
            instance.Keep(new OrchestratorCompletedEvent(-1));
        }
    }

    private void Do(RunningInstance instance, OrchestratorAction action)
    {
        switch (action)
        {
            case ScheduleTaskOrchestratorAction task:
                TaskScheduledEvent scheduled = new(task.Id, task.Name!, task.Version, task.Input);
                instance.Keep(scheduled);
                instance.OpenActivities.Add(task.Id, scheduled);
                StartActivity(instance, scheduled);
                break;
            case CreateTimerOrchestratorAction timer:
                instance.Keep(new TimerCreatedEvent(timer.Id, timer.FireAt));
                StartTimer(instance.Id, timer);
                break;
            case CreateSubOrchestrationAction child:
                instance.Keep(
                    new SubOrchestrationInstanceCreatedEvent(child.Id)
                    {
                        Name = child.Name,
                        Version = child.Version,
                        InstanceId = child.InstanceId,
                        Input = child.Input,
                    }
                );
                ParentInstance parent = new()
                {
                    Name = instance.Name,
                    TaskScheduleId = child.Id,
                    OrchestrationInstance = new OrchestrationInstance { InstanceId = instance.Id, ExecutionId = instance.Id },
                };
                Assert.True(TryBegin(child.Name!, child.Input, child.InstanceId!, parent), $"Instance '{child.InstanceId}' exists.");
                break;
            case SendEventOrchestratorAction sent:
                instance.Keep(
                    new EventSentEvent(sent.Id)
                    {
                        InstanceId = sent.Instance!.InstanceId,
                        Name = sent.EventName,
                        Input = sent.EventData,
                    }
                );
                Deliver(sent.Instance.InstanceId, new EventRaisedEvent(-1, sent.EventData) { Name = sent.EventName });
                break;
            default:
                throw new NotSupportedException($"The runner takes no {action.OrchestratorActionType}.");
        }
    }

    private void StartActivity(RunningInstance instance, TaskScheduledEvent scheduled)
    {
        _activities++;
        ActivityInvocation invocation = new(instance.Id, scheduled.EventId, scheduled.Name!, scheduled.Input);
        CancellationToken life = _life.Token;
        _ = Task.Run(() => RunActivityAsync(instance, invocation, life), CancellationToken.None);
    }

    private async Task RunActivityAsync(RunningInstance instance, ActivityInvocation invocation, CancellationToken life)
    {
        HistoryEvent answer;
        try
        {
            // The worker hands an activity its input in an array.
            ActivityInvocation unwrapped = invocation with { Input = ActivityInput.Unwrap(invocation.Input) };
            answer = new TaskCompletedEvent(-1, invocation.TaskId, await Registry.RunAsync(unwrapped, life));
        }
        catch (Exception e)
        {
            FailureDetails failure = new(e.GetType().FullName!, e.Message, e.StackTrace, null, isNonRetriable: false);
            answer = new TaskFailedEvent(-1, invocation.TaskId, null, null, failure);
        }
        lock (_gate)
        {
            if (life.IsCancellationRequested)
            {
                return;
            }
            if (instance.OpenActivities.Remove(invocation.TaskId))
            {
                Deliver(instance.Id, answer);
            }
            if (--_activities == 0)
            {
                _quiet.ForEach(quiet => quiet.TrySetResult());
                _quiet.Clear();
            }
        }
    }

    private void StartTimer(string id, CreateTimerOrchestratorAction timer)
    {
        TimeSpan wait = timer.FireAt - _clock.GetUtcNow().UtcDateTime;
        TimerFiredEvent fired = new(-1, timer.FireAt) { TimerId = timer.Id };
        _timers.Add(
            _clock.CreateTimer(_ => Deliver(id, fired), null, wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan)
        );
    }

    private void End(RunningInstance instance, OrchestrationCompleteOrchestratorAction action)
    {
        if (action.OrchestrationStatus == OrchestrationStatus.ContinuedAsNew)
        {
            instance.BeginAgain(action.Result, action.CarryoverEvents);
            MakeReady(instance);
            return;
        }
        instance.Status = action.OrchestrationStatus;
        instance.End = new ExecutionCompletedEvent(action.Id, action.Result, action.OrchestrationStatus, action.FailureDetails);
        instance.Keep(instance.End);
        if (instance.Parent is { } parent)
        {
            Deliver(
                parent.OrchestrationInstance.InstanceId,
                action.OrchestrationStatus == OrchestrationStatus.Completed
                    ? new SubOrchestrationInstanceCompletedEvent(-1, parent.TaskScheduleId, action.Result)
                    : new SubOrchestrationInstanceFailedEvent(
                        -1,
                        parent.TaskScheduleId,
                        action.Result,
                        action.Details,
                        action.FailureDetails
                    )
            );
        }
    }
}
