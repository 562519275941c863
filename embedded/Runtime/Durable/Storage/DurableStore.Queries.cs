using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>Where a page of a listing ends: the time it is sorted by, then the id.</summary>
internal readonly record struct PageKey(DateTime Time, string Id)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Time.Ticks}|{Id}");

    public static PageKey Parse(string token) =>
        token.Split('|', 2) is [var ticks, var id] && long.TryParse(ticks, CultureInfo.InvariantCulture, out long time) && time >= 0
            ? new PageKey(new DateTime(time, DateTimeKind.Utc), id)
            : throw new ArgumentException($"'{token}' is not a continuation token of this engine.", nameof(token));
}

internal sealed partial class DurableStore
{
    // Each is used by one thread at a time; readers see the last commit and never wait for the writer.
    private readonly ConcurrentBag<SqlSession> _readers = [];

    public InstanceRow? Find(string instanceId) => Read(session => InstancesTable.Find(session, instanceId));

    public List<DurableEvent> ReadHistory(string instanceId) => Read(session => HistoryTable.Read(session, instanceId));

    public List<Message> ReadInbox() => Read(InboxTable.All);

    public List<ActivityWork> ReadActivities()
    {
        List<ActivityWork> activities = Read(ActivitiesTable.All);
        Dictionary<string, string?> traces = activities.Select(work => work.InstanceId).Distinct().ToDictionary(
            id => id, id => ReadHistory(id).OfType<ExecutionStarted>().FirstOrDefault()?.TraceParent);
        return [.. activities.Select(work => work with { TraceParent = traces[work.InstanceId] })];
    }

    /// <summary>Instances by creation, newest first.</summary>
    public List<InstanceRow> List(
        DateTime? createdFrom, DateTime? createdTo, IEnumerable<OrchestrationRuntimeStatus>? statuses, string? idPrefix, PageKey? after, int limit) =>
        Read(session => session.Query(
            $"""
            SELECT {InstanceRow.Columns} FROM instances
            WHERE ($1 IS NULL OR created_at >= $1) AND ($2 IS NULL OR created_at <= $2)
              AND ($3 IS NULL OR status IN (SELECT value FROM json_each($3)))
              AND ($4 IS NULL OR substr(id, 1, length($4)) = $4)
              AND ($5 IS NULL OR (created_at, id) < ($5, $6))
            ORDER BY created_at DESC, id DESC LIMIT $7
            """,
            InstanceRow.Read,
            createdFrom?.Ticks, createdTo?.Ticks, Json(statuses), idPrefix, after?.Time.Ticks, after?.Id, limit));

    /// <summary>Finished instances by completion, oldest first.</summary>
    public List<PageKey> ListFinished(
        DateTime? completedFrom, DateTime? completedTo, IEnumerable<OrchestrationRuntimeStatus>? statuses, PageKey? after, int limit) =>
        Read(session => session.Query(
            """
            SELECT completed_at, id FROM instances
            WHERE completed_at IS NOT NULL AND ($1 IS NULL OR completed_at >= $1) AND ($2 IS NULL OR completed_at <= $2)
              AND ($3 IS NULL OR status IN (SELECT value FROM json_each($3)))
              AND ($4 IS NULL OR (completed_at, id) > ($4, $5))
            ORDER BY completed_at, id LIMIT $6
            """,
            row => new PageKey(row.Time(0), row.GetString(1)),
            completedFrom?.Ticks, completedTo?.Ticks, Json(statuses), after?.Time.Ticks, after?.Id, limit));

    private static string? Json(IEnumerable<OrchestrationRuntimeStatus>? statuses) =>
        statuses?.ToArray() is { Length: > 0 } list ? JsonSerializer.Serialize(list.Select(status => (int)status)) : null;

    private T Read<T>(Func<SqlSession, T> read)
    {
        if (!_readers.TryTake(out SqlSession? session))
            session = new SqlSession(_path);
        try
        {
            return read(session);
        }
        finally
        {
            _readers.Add(session);
        }
    }
}
