using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>Activities whose results no turn has taken yet.</summary>
internal static class ActivitiesTable
{
    public static ActivityWork Add(SqlSession session, string instanceId, int generation, ActivityScheduled activity)
    {
        session.Execute(
            "INSERT INTO activities (instance_id, generation, task_id, name, version, input) VALUES ($1, $2, $3, $4, $5, $6)",
            instanceId, generation, activity.Id, activity.Name, activity.Version, activity.Input);
        return new ActivityWork(instanceId, generation, activity.Id, activity.Name, activity.Version, activity.Input);
    }

    public static void Delete(SqlSession session, string instanceId, int generation, int taskId) => session.Execute(
        "DELETE FROM activities WHERE instance_id = $1 AND generation = $2 AND task_id = $3", instanceId, generation, taskId);

    public static List<ActivityWork> All(SqlSession session) => session.Query(
        "SELECT instance_id, generation, task_id, name, version, input FROM activities",
        row => new ActivityWork(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetString(3), row.GetString(4), row.Text(5)));
}
