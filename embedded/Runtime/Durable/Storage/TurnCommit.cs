using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Replay;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>
/// All that one turn changes, in one transaction: the messages it took, its history, the work and messages it decided on, and
/// where the instance stands.
/// </summary>
internal sealed class TurnCommit(
    string instanceId, int generation, int historyLength, ExecutionStarted? started, Turn turn, IReadOnlyList<Message> taken)
{
    private readonly List<Message> _messages = [];
    private readonly List<ActivityWork> _activities = [];

    /// <summary>Null when the execution was purged or replaced meanwhile, so that nothing of it counts any more.</summary>
    public Outbox? Apply(SqlSession session)
    {
        _messages.Clear();
        _activities.Clear();
        foreach (Message message in taken)
            Discard(session, message);
        if (InstancesTable.Standing(session, instanceId) is not { IsFinished: false } row || row.Generation != generation)
            return null;

        foreach (Decision decision in turn.Events.OfType<Decision>())
            Carry(session, decision);
        switch (turn.End)
        {
            case ContinuedAsNew next:
                ContinueAsNew(session, next);
                break;
            case ExecutionCompleted end:
                HistoryTable.Append(session, instanceId, historyLength, turn.Events);
                Complete(session, end);
                break;
            default:
                HistoryTable.Append(session, instanceId, historyLength, turn.Events);
                InstancesTable.SetStatus(session, instanceId, Status, turn.CustomStatus, turn.Events[0].At);
                break;
        }

        return new Outbox(_messages, _activities);
    }

    public static void Discard(SqlSession session, Message message)
    {
        if (message.InboxId is { } inboxId)
            InboxTable.Delete(session, inboxId);
        else if (message.Event is TaskResult result)
            ActivitiesTable.Delete(session, message.InstanceId, message.Generation!.Value, result.Id);
    }

    private OrchestrationRuntimeStatus Status =>
        turn.IsSuspended ? OrchestrationRuntimeStatus.Suspended
        : started is null ? OrchestrationRuntimeStatus.Pending
        : OrchestrationRuntimeStatus.Running;

    private void Carry(SqlSession session, Decision decision)
    {
        switch (decision)
        {
            case ActivityScheduled activity:
                _activities.Add(ActivitiesTable.Add(session, instanceId, generation, activity) with { TraceParent = started?.TraceParent });
                break;
            case TimerScheduled timer:
                TimerFired fired = new(timer.Id, timer.FireAt) { At = timer.FireAt };
                _messages.Add(InboxTable.Add(session, instanceId, generation, fired));
                break;
            case EventSent sent when InstancesTable.IsRunning(session, sent.InstanceId):
                _messages.Add(InboxTable.Add(session, sent.InstanceId, null, new EventRaised(sent.Name, sent.Input) { At = sent.At }));
                break;
            case ChildScheduled child:
                _messages.Add(StartChild(session, child));
                break;
        }
    }

    private Message StartChild(SqlSession session, ChildScheduled child)
    {
        InstanceStanding? existing = InstancesTable.Standing(session, child.InstanceId);
        if (existing is { IsFinished: false })
        {
            TaskFailureDetails failure = new(
                "OrchestrationAlreadyExists", $"An instance '{child.InstanceId}' is {existing.Status} already.", null, null, null);
            return InboxTable.Add(session, instanceId, generation, new ChildFailed(child.Id, failure) { At = child.At });
        }

        ParentLink parent = new(instanceId, started!.Name, generation, child.Id);
        ExecutionStarted start = new(child.Name, child.Version, child.Input, parent, child.Tags) { At = child.At, TraceParent = started.TraceParent };
        return InstancesTable.Start(session, new NewInstance(child.InstanceId, start, child.At), existing);
    }

    private void ContinueAsNew(SqlSession session, ContinuedAsNew next)
    {
        ExecutionStarted start = started! with { Input = next.Input, Version = next.Version ?? started.Version, At = next.At };
        HistoryTable.Clear(session, instanceId);
        InboxTable.ClearGeneration(session, instanceId, generation);
        InstancesTable.ContinueAsNew(session, instanceId, start, turn.CustomStatus);
        _messages.RemoveAll(message => message.InstanceId == instanceId && message.Generation == generation);
        _messages.Add(InboxTable.Add(session, instanceId, generation + 1, start));
        foreach (DurableEvent carried in next.Carried)
            _messages.Add(InboxTable.Add(session, instanceId, null, carried));
    }

    private void Complete(SqlSession session, ExecutionCompleted end)
    {
        InboxTable.Clear(session, instanceId);
        InstancesTable.Complete(session, instanceId, end, turn.CustomStatus);
        _messages.RemoveAll(message => message.InstanceId == instanceId);
        if (started?.Parent is { } parent && InstancesTable.IsRunning(session, parent.InstanceId))
            _messages.Add(InboxTable.Add(session, parent.InstanceId, parent.Generation, ResultForParent(parent, end)));
        if (turn.Events.OfType<TerminationRequested>().FirstOrDefault() is { Recursive: true } request)
        {
            foreach (string child in InstancesTable.RunningChildren(session, instanceId))
                _messages.Add(InboxTable.Add(session, child, null, request));
        }
    }

    private TaskResult ResultForParent(ParentLink parent, ExecutionCompleted end) => end.Status switch
    {
        OrchestrationRuntimeStatus.Completed => new ChildCompleted(parent.TaskId, end.Output) { At = end.At },
        OrchestrationRuntimeStatus.Failed => new ChildFailed(parent.TaskId, end.Failure!) { At = end.At },
        _ => new ChildFailed(
            parent.TaskId,
            new TaskFailureDetails("OrchestrationTerminated", $"The sub-orchestration '{instanceId}' was terminated.", null, null, null))
        { At = end.At },
    };
}
