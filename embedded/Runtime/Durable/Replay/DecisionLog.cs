using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>
/// Numbers the decisions of an execution, holds the tasks that wait for their results, and compares a replay with the history.
/// </summary>
internal sealed class DecisionLog
{
    private readonly Dictionary<int, OpenTask> _open = [];

    // Decided by the code but not yet seen in the history: new ones, or in a replay those of the current turn.
    private readonly SortedDictionary<int, Decision> _unrecorded = [];
    private int _nextId;

    public bool HasOpenTasks => _open.Count > 0;

    /// <summary>Records a decision that has no result.</summary>
    public void Decide(Func<int, Decision> decide)
    {
        Decision decision = decide(_nextId++);
        _unrecorded.Add(decision.Id, decision);
    }

    /// <summary>Records a decision; the task ends with its result, or is cancelled in the code while the work goes on unheard.</summary>
    public async Task<string?> DecideAsync(string name, Func<int, Decision> decide, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        int id = _nextId;
        Decide(decide);
        OpenTask open = new(name, new TaskCompletionSource<string?>());
        _open.Add(id, open);
        CancellationTokenRegistration registration = cancellation.Register(() =>
        {
            _open.Remove(id);
            open.Source.TrySetCanceled(cancellation);
        });
        try
        {
            return await open.Source.Task;
        }
        finally
        {
            registration.Unregister();
        }
    }

    /// <summary>Ends the task that waits for the result; a result that comes twice, or for a cancelled task, changes nothing.</summary>
    public void Complete(TaskResult result)
    {
        if (!_open.Remove(result.Id, out OpenTask? open))
            return;
        switch (result)
        {
            case ActivityCompleted { Output: var output }:
                open.Source.SetResult(output);
                break;
            case ChildCompleted { Output: var output }:
                open.Source.SetResult(output);
                break;
            case TimerFired:
                open.Source.SetResult(null);
                break;
            case ActivityFailed { Failure: var failure }:
                open.Source.SetException(new TaskFailedException(open.Name, result.Id, failure));
                break;
            case ChildFailed { Failure: var failure }:
                open.Source.SetException(new TaskFailedException(open.Name, result.Id, failure));
                break;
        }
    }

    /// <summary>Compares a decision of the history with the one that the replayed code made.</summary>
    public void Match(Decision recorded)
    {
        if (!_unrecorded.Remove(recorded.Id, out Decision? replayed))
            throw Mismatch($"The history says that step {recorded.Id} was {recorded.Describe()}, but the code no longer comes to it.");
        if (!recorded.IsSameStepAs(replayed))
            throw Mismatch($"The history says that step {recorded.Id} was {recorded.Describe()}, but the code now asks for {replayed.Describe()}.");
    }

    public void ExpectAllMatched()
    {
        if (_unrecorded.Count > 0)
            throw Mismatch($"The code asks for {_unrecorded.First().Value.Describe()} as step {_unrecorded.First().Key}, of which the history knows nothing.");
    }

    public IReadOnlyList<Decision> TakeNew(DateTime now)
    {
        Decision[] taken = [.. _unrecorded.Values.Select(decision => decision with { At = now })];
        _unrecorded.Clear();
        return taken;
    }

    private static NonDeterministicOrchestrationException Mismatch(string what) =>
        new($"Non-deterministic replay: {what} Was the code changed after this instance started?");

    private sealed record OpenTask(string Name, TaskCompletionSource<string?> Source);
}
