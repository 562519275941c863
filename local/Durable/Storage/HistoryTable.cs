using DurableTask.Core.History;

namespace Serverless.Local.Durable.Storage;

/// <summary>The history of each instance's current execution: one row for each turn.</summary>
internal static class HistoryTable
{
    public static void Append(StoreTransaction transaction, string instanceId, long position, string events) =>
        transaction.Session.Execute(
            "INSERT INTO history (hub, instance_id, position, events) VALUES (?1, ?2, ?3, ?4)",
            transaction.Hub,
            instanceId,
            position,
            events
        );

    public static void Clear(StoreTransaction transaction, string instanceId) =>
        transaction.Session.Execute("DELETE FROM history WHERE hub = ?1 AND instance_id = ?2", transaction.Hub, instanceId);

    public static List<HistoryEvent> Read(SqlSession session, long hub, string instanceId)
    {
        List<HistoryEvent> events = [];
        List<string> rows = session.Query(
            "SELECT events FROM history WHERE hub = ?1 AND instance_id = ?2 ORDER BY position",
            row => row.Text(0),
            hub,
            instanceId
        );
        rows.ForEach(row => EventJson.Read(row, events));
        return events;
    }

    /// <summary>What the current execution was started with; it stands in the first turn, or in the start message before it.</summary>
    public static string? ReadInput(SqlSession session, long hub, string instanceId)
    {
        List<HistoryEvent> events = [];
        string? first = session.Single(
            "SELECT events FROM history WHERE hub = ?1 AND instance_id = ?2 ORDER BY position LIMIT 1",
            row => row.Text(0),
            hub,
            instanceId
        );
        if (first is not null)
        {
            EventJson.Read(first, events);
        }

        return (
            events.OfType<ExecutionStartedEvent>().FirstOrDefault()
            ?? MessagesTable.ReadStart(session, hub, instanceId)?.Event as ExecutionStartedEvent
        )?.Input;
    }
}
