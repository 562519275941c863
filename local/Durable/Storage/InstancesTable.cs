using DurableTask.Core;
using DurableTask.Core.History;

namespace Serverless.Local.Durable.Storage;

/// <summary>What a decision about an instance needs to know of it.</summary>
/// <param name="IsReady">Whether a message waits for it, due or not.</param>
/// <param name="IsInHand">Whether a worker has it.</param>
internal sealed record InstanceStanding(OrchestrationStatus Status, string? ExecutionId, bool HasHistory, bool IsReady, bool IsInHand)
{
    public bool IsFinished => OrchestrationStatuses.IsFinished(Status);
}

/// <summary>One row for each orchestration and entity: how it stands and who has it in hand.</summary>
internal static class InstancesTable
{
    public static InstanceStanding? Standing(StoreTransaction transaction, string id) =>
        transaction.Session.Single(
            "SELECT status, execution_id, history_length, ready_at, owner FROM instances WHERE hub = ?1 AND id = ?2",
            row => new InstanceStanding(
                (OrchestrationStatus)row.Integer(0),
                row.TextOrNull(1),
                row.Number(2) > 0,
                !row.IsNull(3),
                !row.IsNull(4)
            ),
            transaction.Hub,
            id
        );

    public static void Add(StoreTransaction transaction, ExecutionStartedEvent start, long readyAt) =>
        transaction.Session.Execute(
            """
            INSERT INTO instances (hub, id, is_entity, execution_id, name, version, status, tags, generation, parent, parent_id,
                created_at, updated_at, scheduled_at, ready_at)
            VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
            """,
            transaction.Hub,
            start.OrchestrationInstance.InstanceId,
            start.OrchestrationInstance.ExecutionId,
            start.Name,
            start.Version,
            (long)OrchestrationStatus.Pending,
            EventJson.WriteValue(start.Tags),
            start.Generation,
            EventJson.WriteValue(start.ParentInstance),
            OrchestrationStatuses.IsDetached(start.Tags) ? null : start.ParentInstance?.OrchestrationInstance.InstanceId,
            start.Timestamp,
            transaction.Now,
            start.ScheduledStartTime,
            readyAt
        );

    public static void AddEntity(StoreTransaction transaction, string id) =>
        transaction.Session.Execute(
            """
            INSERT INTO instances (hub, id, is_entity, name, status, created_at, updated_at) VALUES (?1, ?2, 1, ?2, ?3, ?4, ?4)
            """,
            transaction.Hub,
            id,
            (long)OrchestrationStatus.Running,
            transaction.Now
        );

    /// <summary>Lets an instance be handed out from a time on, unless it has yet to start: then it waits for its start.</summary>
    public static void MakeReady(StoreTransaction transaction, string id, long dueAt) =>
        transaction.Session.Execute(
            """
            UPDATE instances SET ready_at = min(coalesce(ready_at, ?3), ?3)
            WHERE hub = ?1 AND id = ?2 AND (history_length > 0 OR is_entity) AND coalesce(ready_at, ?3) >= ?3
            """,
            transaction.Hub,
            id,
            dueAt
        );

    /// <summary>Hands instances that are due to a worker, longest due first; counts the attempt.</summary>
    public static List<ClaimedTurn> Claim(StoreTransaction transaction, long worker, bool entities, int limit) =>
        transaction.Session.Query(
            """
            UPDATE instances SET owner = ?1, fence = fence + 1, attempts = attempts + 1
            WHERE hub = ?2 AND id IN (SELECT id FROM instances
                WHERE hub = ?2 AND is_entity = ?3 AND ready_at <= ?4 AND owner IS NULL AND ready_at IS NOT NULL ORDER BY ready_at LIMIT ?5)
            RETURNING id, fence, attempts, history_length
            """,
            row => new ClaimedTurn(row.Text(0), worker, row.Number(1), row.Integer(2), row.Number(3)),
            worker,
            transaction.Hub,
            entities,
            transaction.Now,
            (long)limit
        );

    /// <summary>When the next instance is due that nobody has in hand; null where none waits.</summary>
    public static long? NextDue(StoreTransaction transaction, bool entities) =>
        transaction.Session.Single(
            "SELECT min(ready_at) FROM instances WHERE hub = ?1 AND is_entity = ?2 AND owner IS NULL AND ready_at IS NOT NULL",
            row => row.IsNull(0) ? (long?)null : row.Number(0),
            transaction.Hub,
            entities
        );

    /// <summary>Takes an instance out of a worker's hand; false where the worker had lost it.</summary>
    public static bool TryRelease(StoreTransaction transaction, ClaimedTurn turn) =>
        transaction.Session.Execute(
            "UPDATE instances SET owner = NULL, attempts = 0 WHERE hub = ?1 AND id = ?2 AND owner = ?3 AND fence = ?4",
            transaction.Hub,
            turn.InstanceId,
            turn.Worker,
            turn.Fence
        ) > 0;

    /// <summary>Gives an instance back undone, to be handed out again from a time on; the attempt does not count.</summary>
    public static void Abandon(StoreTransaction transaction, ClaimedTurn turn, long readyAt) =>
        transaction.Session.Execute(
            """
            UPDATE instances SET owner = NULL, attempts = attempts - 1, ready_at = max(ready_at, ?5)
            WHERE hub = ?1 AND id = ?2 AND owner = ?3 AND fence = ?4
            """,
            transaction.Hub,
            turn.InstanceId,
            turn.Worker,
            turn.Fence,
            readyAt
        );

    public static void Update(StoreTransaction transaction, OrchestrationState state, long historyLength)
    {
        bool finished = OrchestrationStatuses.IsFinished(state.OrchestrationStatus);
        transaction.Session.Execute(
            """
            UPDATE instances SET execution_id = ?3, name = ?4, version = ?5, status = ?6, output = ?7, failure = ?8, custom_status = ?9,
                tags = ?10, updated_at = ?11, completed_at = ?12, history_length = ?13, parent = ?14
            WHERE hub = ?1 AND id = ?2
            """,
            transaction.Hub,
            state.OrchestrationInstance.InstanceId,
            state.OrchestrationInstance.ExecutionId,
            state.Name,
            state.Version,
            (long)state.OrchestrationStatus,
            finished ? state.Output : default(string),
            EventJson.WriteValue(state.FailureDetails),
            state.Status,
            EventJson.WriteValue(state.Tags),
            transaction.Now,
            finished ? state.CompletedTime : default(DateTime?),
            historyLength,
            EventJson.WriteValue(state.ParentInstance)
        );
    }

    /// <summary>Makes an instance ready when its first message is due; never where it has none, or has ended.</summary>
    public static void AwaitMessages(StoreTransaction transaction, string id) =>
        transaction.Session.Execute(
            $"""
            UPDATE instances SET ready_at = CASE WHEN status IN ({OrchestrationStatuses.UnfinishedList})
                THEN (SELECT min(due_at) FROM messages WHERE hub = ?1 AND instance_id = ?2) END
            WHERE hub = ?1 AND id = ?2
            """,
            transaction.Hub,
            id
        );

    public static List<string> RunningChildren(StoreTransaction transaction, string id) =>
        transaction.Session.Query(
            $"SELECT id FROM instances WHERE hub = ?1 AND parent_id = ?2 AND status IN ({OrchestrationStatuses.UnfinishedList})",
            row => row.Text(0),
            transaction.Hub,
            id
        );

    /// <summary>Removes an instance with all that belongs to it.</summary>
    public static bool Delete(StoreTransaction transaction, string id)
    {
        transaction.Session.Execute("DELETE FROM history WHERE hub = ?1 AND instance_id = ?2", transaction.Hub, id);
        transaction.Session.Execute("DELETE FROM messages WHERE hub = ?1 AND instance_id = ?2", transaction.Hub, id);
        transaction.Session.Execute("DELETE FROM activities WHERE hub = ?1 AND instance_id = ?2", transaction.Hub, id);
        return transaction.Session.Execute("DELETE FROM instances WHERE hub = ?1 AND id = ?2", transaction.Hub, id) > 0;
    }
}
