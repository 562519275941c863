using DurableTask.Core;
using DurableTask.Core.Entities;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Durable;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Work;

namespace Serverless.Unit.Local.Durable.Simulation;

/// <summary>One process on the file. It has no thread of its own: each of its steps is taken when the simulation says so.</summary>
internal sealed class SimulatedHost
{
    // Many times what a simulation has to do: what goes on after that does so for ever.
    private const int MaxSteps = 120;

    private readonly SqliteOrchestrationService _service;
    private readonly SimulatedLane[] _lanes;
    private readonly Task _started;

    public SimulatedHost(string database, FakeTimeProvider time, SimulatedCode code)
    {
        SqliteDurabilityOptions options = new() { FilePath = database, HasWriter = false };
        WorkSettings settings = new("hub", 4, 4, 4, 100);
        _service = new SqliteOrchestrationService(settings, options, time, NullLogger.Instance);
        _lanes = [Turns(code), EntityTurns(code), Activities(code)];
        _started = _service.StartAsync();
    }

    public SqliteOrchestrationService Service => _service;

    /// <summary>Whether the process has died: nobody hears what it says any more.</summary>
    public bool IsDead { get; set; }

    /// <summary>Whether the process is stopped for a while; its work may be taken over meanwhile.</summary>
    public bool IsPaused { get; set; }

    /// <summary>Whether the process could not start, and has ended.</summary>
    public bool HasFailed => _started.IsFaulted;

    public bool Commit(int most) => _service.Store.Commits.WriteNext(most);

    public bool Fetch(int lane) => _lanes[lane % _lanes.Length].Fetch();

    public bool Process(Random random) => With(random, lane => lane.Process(random));

    public bool Abandon(Random random) => With(random, lane => lane.Abandon(random));

    /// <summary>Commits, fetches and processes until nothing is left to do at this moment; false where that goes on for ever.</summary>
    public bool TryRest(Random random)
    {
        int steps = 0;
        while (steps < MaxSteps && (Commit(16) | Fetch(0) | Fetch(1) | Fetch(2) | Process(random)))
        {
            steps++;
        }

        return steps < MaxSteps;
    }

    public void Die(bool unlocks)
    {
        IsDead = true;
        _service.Abandon(unlocks);
    }

    public static bool IsFault(Exception e) => e is SqliteStoreException or ObjectDisposedException or OperationCanceledException;

    private bool With(Random random, Action<SimulatedLane> act)
    {
        SimulatedLane[] busy = [.. _lanes.Where(lane => lane.Taken > 0)];
        if (busy.Length > 0)
        {
            act(busy[random.Next(busy.Length)]);
        }

        return busy.Length > 0;
    }

    private SimulatedLane Turns(SimulatedCode code) =>
        TurnLane<TaskOrchestrationDispatcher>(code.Orchestrations, () =>
            _service.LockNextOrchestrationWorkItemAsync(TimeSpan.Zero, default)
        );

    private SimulatedLane EntityTurns(SimulatedCode code) =>
        TurnLane<TaskEntityDispatcher>(code.Entities, () => _service.LockNextEntityWorkItemAsync(TimeSpan.Zero, default));

    private SimulatedLane TurnLane<TDispatcher>(object code, Func<Task<TaskOrchestrationWorkItem>> fetch)
    {
        Func<TaskOrchestrationWorkItem, Task> process = FrameworkDispatcher.Of<TDispatcher, TaskOrchestrationWorkItem>(_service, code);
        return new SimulatedLane(
            async () => await fetch(),
            item => process((TaskOrchestrationWorkItem)item),
            item => _service.AbandonTaskOrchestrationWorkItemAsync((TaskOrchestrationWorkItem)item),
            item => _service.ReleaseTaskOrchestrationWorkItemAsync((TaskOrchestrationWorkItem)item)
        );
    }

    private SimulatedLane Activities(SimulatedCode code)
    {
        Func<TaskActivityWorkItem, Task> process = FrameworkDispatcher.Of<TaskActivityDispatcher, TaskActivityWorkItem>(
            _service,
            code.Activities
        );
        return new SimulatedLane(
            async () => await _service.LockNextTaskActivityWorkItem(TimeSpan.Zero, default),
            item => process((TaskActivityWorkItem)item),
            item => _service.AbandonTaskActivityWorkItemAsync((TaskActivityWorkItem)item),
            _ => Task.CompletedTask
        );
    }
}
