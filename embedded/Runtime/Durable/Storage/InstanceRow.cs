using Microsoft.Data.Sqlite;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>An instance as it stands on disk.</summary>
internal sealed record InstanceRow(
    string Id,
    int Generation,
    string Name,
    string Version,
    OrchestrationRuntimeStatus Status,
    string? Input,
    string? Output,
    string? CustomStatus,
    TaskFailureDetails? Failure,
    IReadOnlyDictionary<string, string>? Tags,
    DateTime CreatedAt,
    DateTime UpdatedAt)
{
    public const string Columns =
        "id, generation, name, version, status, input, output, custom_status, failure, tags, created_at, updated_at";

    public bool IsFinished => IsFinal(Status);

    public static bool IsFinal(OrchestrationRuntimeStatus status) => status is
        OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    public static InstanceRow Read(SqliteDataReader row) => new(
        row.GetString(0),
        row.GetInt32(1),
        row.GetString(2),
        row.GetString(3),
        (OrchestrationRuntimeStatus)row.GetInt32(4),
        row.Text(5),
        row.Text(6),
        row.Text(7),
        DurableJson.ReadFailure(row.Text(8)),
        DurableJson.ReadTags(row.Text(9)),
        row.Time(10),
        row.Time(11));
}
