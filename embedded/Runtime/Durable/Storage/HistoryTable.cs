using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>The history of each instance's current or last execution.</summary>
internal static class HistoryTable
{
    public static void Append(SqlSession session, string instanceId, int position, IReadOnlyList<DurableEvent> events)
    {
        for (int i = 0; i < events.Count; i++)
        {
            session.Execute(
                "INSERT INTO history (instance_id, position, event) VALUES ($1, $2, $3)",
                instanceId, position + i, DurableJson.Write(events[i]));
        }
    }

    public static List<DurableEvent> Read(SqlSession session, string instanceId) => session.Query(
        "SELECT event FROM history WHERE instance_id = $1 ORDER BY position", row => DurableJson.ReadEvent(row.GetString(0)), instanceId);

    public static void Clear(SqlSession session, string instanceId) =>
        session.Execute("DELETE FROM history WHERE instance_id = $1", instanceId);
}
