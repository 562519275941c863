using DurableTask.Core;
using DurableTask.Core.History;

namespace Serverless.Local.Durable.Storage;

/// <summary>A message as it is stored. Serialized by the sender, so that the writer does not have to.</summary>
internal sealed record StoredMessage(TaskMessage Message, string Json, long? DueAt)
{
    public static StoredMessage Of(TaskMessage message, DateTime? dueAt = null) =>
        new(message, EventJson.WriteMessage(message), dueAt?.ToUniversalTime().Ticks);
}

/// <summary>Messages that no turn has taken yet. Timers and scheduled starts are messages that are due later.</summary>
internal static class MessagesTable
{
    // They bound a turn in memory; what is left makes another turn. Each turn reads the whole history: of one that takes no share of it,
    // as many would be needed as the history is long, and the work would grow with its square.
    private const int MaxMessagesPerTurn = 1000;
    private const int HistoryEventsPerMessage = 4;

    public static void Add(StoreTransaction transaction, StoredMessage message)
    {
        OrchestrationInstance target = message.Message.OrchestrationInstance;
        transaction.Session.Execute(
            "INSERT INTO messages (hub, instance_id, execution_id, due_at, is_start, message) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            transaction.Hub,
            target.InstanceId,
            target.ExecutionId,
            message.DueAt ?? transaction.Now,
            message.Message.Event is ExecutionStartedEvent,
            message.Json
        );
    }

    /// <param name="history">Events that the turn has read.</param>
    public static List<(long Id, TaskMessage Message)> ReadDue(SqlSession session, long hub, string instanceId, long now, int history) =>
        session.Query(
            "SELECT id, execution_id, message FROM messages WHERE hub = ?1 AND instance_id = ?2 AND due_at <= ?3 ORDER BY "
                + "due_at, id LIMIT ?4",
            row => (row.Number(0), EventJson.ReadMessage(row.Text(2), instanceId, row.TextOrNull(1))),
            hub,
            instanceId,
            now,
            Math.Max(MaxMessagesPerTurn, history / HistoryEventsPerMessage)
        );

    public static TaskMessage? ReadStart(SqlSession session, long hub, string instanceId) =>
        session.Single(
            "SELECT execution_id, message FROM messages WHERE hub = ?1 AND instance_id = ?2 AND is_start = 1",
            row => EventJson.ReadMessage(row.Text(1), instanceId, row.TextOrNull(0)),
            hub,
            instanceId
        );

    public static void Remove(StoreTransaction transaction, IReadOnlyList<long> ids)
    {
        foreach (long id in ids)
        {
            transaction.Session.Execute("DELETE FROM messages WHERE id = ?1", id);
        }
    }

    /// <summary>Drops what was meant for an earlier execution: its timers, and results that came too late.</summary>
    public static void RemoveStale(StoreTransaction transaction, string instanceId, string executionId) =>
        transaction.Session.Execute(
            "DELETE FROM messages WHERE hub = ?1 AND instance_id = ?2 AND execution_id <> ?3",
            transaction.Hub,
            instanceId,
            executionId
        );

    public static void Adopt(StoreTransaction transaction, string instanceId, string executionId) =>
        transaction.Session.Execute(
            "UPDATE messages SET execution_id = ?3 WHERE hub = ?1 AND instance_id = ?2 AND execution_id IS NOT NULL",
            transaction.Hub,
            instanceId,
            executionId
        );

    public static void RemoveAll(StoreTransaction transaction, string instanceId) =>
        transaction.Session.Execute("DELETE FROM messages WHERE hub = ?1 AND instance_id = ?2", transaction.Hub, instanceId);
}
