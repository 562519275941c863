using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>An instance to be, by a client's start or as a sub-orchestration.</summary>
internal sealed record NewInstance(string Id, ExecutionStarted Started, DateTime StartAt);

/// <summary>As much of an instance as a commit needs to know, without its texts.</summary>
internal sealed record InstanceStanding(int Generation, OrchestrationRuntimeStatus Status)
{
    public bool IsFinished => InstanceRow.IsFinal(Status);
}

/// <summary>One row per instance id: the current execution and what is asked of it.</summary>
internal static class InstancesTable
{
    public static InstanceRow? Find(SqlSession session, string id) => session.Single(
        $"SELECT {InstanceRow.Columns} FROM instances WHERE id = $1", InstanceRow.Read, id);

    public static InstanceStanding? Standing(SqlSession session, string id) => session.Single(
        "SELECT generation, status FROM instances WHERE id = $1",
        row => new InstanceStanding(row.GetInt32(0), (OrchestrationRuntimeStatus)row.GetInt32(1)),
        id);

    public static bool IsRunning(SqlSession session, string id) => Standing(session, id) is { IsFinished: false };

    /// <summary>Puts a new execution in the place of <paramref name="existing"/>, and its start into the inbox.</summary>
    public static Message Start(SqlSession session, NewInstance instance, InstanceStanding? existing)
    {
        ExecutionStarted started = instance.Started;
        int generation = (existing?.Generation ?? 0) + 1;
        if (existing is not null)
        {
            HistoryTable.Clear(session, instance.Id);
            InboxTable.Clear(session, instance.Id);
        }

        session.Execute(
            """
            INSERT OR REPLACE INTO instances
                (id, generation, name, version, status, input, tags, parent_id, created_at, updated_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
            """,
            instance.Id, generation, started.Name, started.Version, (int)OrchestrationRuntimeStatus.Pending, started.Input,
            DurableJson.Write(started.Tags), started.Parent?.InstanceId, started.At.Ticks);
        return InboxTable.Add(session, instance.Id, generation, started, instance.StartAt);
    }

    /// <summary>The next execution under the same id, which keeps its caller and its tags.</summary>
    public static void ContinueAsNew(SqlSession session, string id, ExecutionStarted started, string? customStatus) => session.Execute(
        """
        UPDATE instances SET generation = generation + 1, version = $2, status = $3, input = $4, custom_status = $5, updated_at = $6
        WHERE id = $1
        """,
        id, started.Version, (int)OrchestrationRuntimeStatus.Running, started.Input, customStatus, started.At.Ticks);

    public static void SetStatus(SqlSession session, string id, OrchestrationRuntimeStatus status, string? customStatus, DateTime now) =>
        session.Execute(
            "UPDATE instances SET status = $2, custom_status = $3, updated_at = $4 WHERE id = $1",
            id, (int)status, customStatus, now.Ticks);

    public static void Complete(SqlSession session, string id, ExecutionCompleted end, string? customStatus) => session.Execute(
        """
        UPDATE instances SET status = $2, output = $3, failure = $4, custom_status = $5, updated_at = $6, completed_at = $6
        WHERE id = $1
        """,
        id, (int)end.Status, end.Output, DurableJson.Write(end.Failure), customStatus, end.At.Ticks);

    public static List<string> RunningChildren(SqlSession session, string id) => session.Query(
        "SELECT id FROM instances WHERE parent_id = $1 AND completed_at IS NULL", row => row.GetString(0), id);

    public static List<string> Children(SqlSession session, string id) => session.Query(
        "SELECT id FROM instances WHERE parent_id = $1", row => row.GetString(0), id);

    public static void Delete(SqlSession session, string id) => session.Execute("DELETE FROM instances WHERE id = $1", id);
}
