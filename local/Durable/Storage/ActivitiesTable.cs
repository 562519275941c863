using DurableTask.Core;

namespace Serverless.Local.Durable.Storage;

/// <summary>Activities that have no result yet.</summary>
internal static class ActivitiesTable
{
    public static void Add(StoreTransaction transaction, StoredMessage activity)
    {
        OrchestrationInstance caller = activity.Message.OrchestrationInstance;
        transaction.Session.Execute(
            "INSERT INTO activities (hub, instance_id, execution_id, due_at, message) VALUES (?1, ?2, ?3, ?4, ?5)",
            transaction.Hub,
            caller.InstanceId,
            caller.ExecutionId,
            transaction.Now,
            activity.Json
        );
    }

    /// <summary>Hands activities to a worker, oldest first; counts the attempt.</summary>
    public static List<ClaimedActivity> Claim(StoreTransaction transaction, long worker, int limit) =>
        transaction.Session.Query(
            """
            UPDATE activities SET owner = ?1, attempts = attempts + 1
            WHERE id IN (SELECT id FROM activities WHERE hub = ?2 AND owner IS NULL AND due_at <= ?3 ORDER BY due_at, id LIMIT ?4)
            RETURNING id, attempts, instance_id, execution_id, message
            """,
            row => new ClaimedActivity(row.Number(0), worker, row.Integer(1), row.Text(2), row.TextOrNull(3), row.Text(4)),
            worker,
            transaction.Hub,
            transaction.Now,
            (long)limit
        );

    public static long? NextDue(StoreTransaction transaction) =>
        transaction.Session.Single(
            "SELECT min(due_at) FROM activities WHERE hub = ?1 AND owner IS NULL",
            row => row.IsNull(0) ? (long?)null : row.Number(0),
            transaction.Hub
        );

    /// <summary>Removes an activity that is done and returns the execution that awaits it; null where the worker had lost it.</summary>
    public static string? TryRemove(StoreTransaction transaction, ClaimedActivity activity) =>
        transaction.Session.Single(
            "DELETE FROM activities WHERE id = ?1 AND owner = ?2 AND attempts = ?3 RETURNING coalesce(execution_id, '')",
            row => row.Text(0),
            activity.Id,
            activity.Worker,
            (long)activity.Attempts
        );

    public static void Adopt(StoreTransaction transaction, string instanceId, string executionId) =>
        transaction.Session.Execute(
            "UPDATE activities SET execution_id = ?3 WHERE hub = ?1 AND instance_id = ?2",
            transaction.Hub,
            instanceId,
            executionId
        );

    /// <summary>Gives an activity back undone; the attempt does not count.</summary>
    public static void Abandon(StoreTransaction transaction, ClaimedActivity activity, long readyAt) =>
        transaction.Session.Execute(
            "UPDATE activities SET owner = NULL, attempts = attempts - 1, due_at = ?4 WHERE id = ?1 AND owner = ?2 AND attempts = ?3",
            activity.Id,
            activity.Worker,
            (long)activity.Attempts,
            readyAt
        );
}
