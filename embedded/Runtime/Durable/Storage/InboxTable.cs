using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>Messages that no turn has taken yet; timers and delayed starts are messages from the future.</summary>
internal static class InboxTable
{
    public static Message Add(SqlSession session, string instanceId, int? generation, DurableEvent item, DateTime? dueAt = null)
    {
        DateTime due = dueAt ?? item.At;
        long id = session.Scalar(
            "INSERT INTO inbox (instance_id, generation, due_at, event) VALUES ($1, $2, $3, $4) RETURNING id",
            instanceId, generation, due.Ticks, DurableJson.Write(item));
        return new Message(instanceId, generation, item, due, id);
    }

    public static void Delete(SqlSession session, long id) => session.Execute("DELETE FROM inbox WHERE id = $1", id);

    public static void Clear(SqlSession session, string instanceId) =>
        session.Execute("DELETE FROM inbox WHERE instance_id = $1", instanceId);

    /// <summary>Drops what was meant for an execution that has ended: its timers and results.</summary>
    public static void ClearGeneration(SqlSession session, string instanceId, int generation) =>
        session.Execute("DELETE FROM inbox WHERE instance_id = $1 AND generation = $2", instanceId, generation);

    public static List<Message> All(SqlSession session) => session.Query(
        "SELECT instance_id, generation, event, due_at, id FROM inbox ORDER BY id",
        row => new Message(row.GetString(0), row.Integer(1), DurableJson.ReadEvent(row.GetString(2)), row.Time(3), row.GetInt64(4)));
}
