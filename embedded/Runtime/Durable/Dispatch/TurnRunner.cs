using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Replay;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable.Dispatch;

/// <summary>Takes instances with mail, runs a turn of each, commits it, and sends out what it decided. Any number run at a time.</summary>
internal sealed class TurnRunner(
    DurableStore store,
    Mailroom mailroom,
    ActivityRunner activities,
    InstanceSignals signals,
    DurableRegistry registry,
    DataConverter converter,
    string defaultVersion,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromSeconds(1);

    private readonly ILogger _log = loggers.CreateLogger<TurnRunner>();

    /// <summary>Runs until the mailroom is closed and empty, or <paramref name="abandoned"/>.</summary>
    public async Task RunAsync(CancellationToken abandoned)
    {
        await foreach (InstanceSlot slot in mailroom.Ready.ReadAllAsync(CancellationToken.None))
        {
            do
            {
                if (abandoned.IsCancellationRequested)
                    return;
                await RunTurnAsync(slot, abandoned);
            }
            while (!mailroom.Release(slot));
        }
    }

    private async Task RunTurnAsync(InstanceSlot slot, CancellationToken abandoned)
    {
        IReadOnlyList<Message> mail = mailroom.TakeMail(slot);
        try
        {
            await RunTurnAsync(slot, mail);
        }
        catch (Exception e)
        {
            // Nothing of the turn is on disk, so memory must not run ahead of it either.
            slot.Execution = null;
            mailroom.ReturnMail(slot, mail);
            if (abandoned.IsCancellationRequested)
                return;
            DurableLog.TurnFailed(_log, e, slot.InstanceId, PauseAfterFault);
            await Task.Delay(PauseAfterFault, time, abandoned).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RunTurnAsync(InstanceSlot slot, IReadOnlyList<Message> mail)
    {
        if (slot.Execution is null || mail.Any(message => message.Generation > slot.Execution.Generation))
            Load(slot);
        if (slot.Execution is not { } execution)
        {
            await store.DiscardAsync(mail);
            return;
        }

        DurableEvent[] events = [.. mail
            .Where(message => message.Generation is not { } generation || generation == execution.Generation)
            .Select(message => message.Event)];
        if (events.Length == 0)
        {
            await store.DiscardAsync(mail);
            return;
        }

        Turn turn = execution.Advance(time.GetUtcNow().UtcDateTime, events);
        TurnCommit commit = new(slot.InstanceId, execution.Generation, slot.HistoryLength, execution.Started, turn, mail);
        Outbox? outbox = await store.CommitAsync(commit);

        bool isFirst = slot.HistoryLength == 0;
        slot.HistoryLength += turn.Events.Count;
        if (turn.End is not null || outbox is null)
            slot.Execution = null;
        foreach (ActivityWork work in outbox?.Activities ?? [])
            activities.Post(work);
        foreach (Message message in outbox?.Messages ?? [])
            mailroom.Deliver(message);
        if (isFirst || turn.End is not null)
            signals.Raise(slot.InstanceId);
    }

    private void Load(InstanceSlot slot)
    {
        slot.Execution = null;
        if (store.Find(slot.InstanceId) is not { IsFinished: false } row)
            return;

        List<DurableEvent> history = store.ReadHistory(slot.InstanceId);
        OrchestrationExecution execution = new(slot.InstanceId, row.Generation, registry, converter, defaultVersion, loggers);
        execution.Replay(history);
        slot.Execution = execution;
        slot.HistoryLength = history.Count;
    }
}
