using System.Globalization;
using DurableTask.Core;

namespace Serverless.Local.Durable.Storage;

/// <summary>Which instances a list or a purge is about.</summary>
internal sealed record InstanceFilter
{
    public DateTime? CreatedFrom { get; init; }

    public DateTime? CreatedTo { get; init; }

    public IReadOnlyCollection<OrchestrationStatus>? Statuses { get; init; }

    public string? IdPrefix { get; init; }

    public bool ExcludesEntities { get; init; }
}

/// <summary>Reads how instances stand.</summary>
internal static class InstanceQuery
{
    private const string Columns = """
        id, execution_id, name, version, status, output, failure, custom_status, tags, generation, parent, created_at, updated_at,
        completed_at, scheduled_at
        """;

    private const string Filter = """
        hub = ?1 AND (?2 IS NULL OR created_at >= ?2) AND (?3 IS NULL OR created_at <= ?3)
        AND (?4 IS NULL OR status IN (SELECT value FROM json_each(?4)))
        AND (?5 IS NULL OR substr(id, 1, length(?5)) = ?5) AND NOT (?6 AND is_entity)
        """;

    public static OrchestrationState? Find(SqlSession session, long hub, string id, bool withContent)
    {
        OrchestrationState? state = session.Single(
            $"SELECT {Columns} FROM instances WHERE hub = ?1 AND id = ?2",
            row => Read(row, withContent),
            hub,
            id
        );
        return state is null ? null : WithContent(session, hub, state, withContent);
    }

    /// <summary>A page of instances, and the token of the next page; null after the last one.</summary>
    public static (List<OrchestrationState> Page, string? Next) List(
        SqlSession session,
        long hub,
        InstanceFilter filter,
        InstanceOrder order,
        int size,
        string? after,
        bool withContent
    )
    {
        (long? time, string? id) = order == InstanceOrder.NewestFirst ? ParseTimeAndId(after) : (null, after);
        string page =
            order == InstanceOrder.NewestFirst
                ? "AND (?7 IS NULL OR (created_at, id) < (?7, ?8)) ORDER BY created_at DESC, id DESC LIMIT ?9"
                : "AND (?8 IS NULL OR id > ?8) ORDER BY id LIMIT ?9";
        List<OrchestrationState> states = session.Query(
            $"SELECT {Columns} FROM instances WHERE {Filter} {page}",
            row => Read(row, withContent),
            hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            StatusList(filter),
            filter.IdPrefix,
            filter.ExcludesEntities,
            time,
            id,
            size + 1L
        );
        string? next = null;
        if (states.Count > size)
        {
            states.RemoveAt(size);
            OrchestrationState last = states[^1];
            next =
                order == InstanceOrder.NewestFirst
                    ? string.Create(CultureInfo.InvariantCulture, $"{last.CreatedTime.Ticks}|{last.OrchestrationInstance.InstanceId}")
                    : last.OrchestrationInstance.InstanceId;
        }

        return ([.. states.Select(state => WithContent(session, hub, state, withContent))], next);
    }

    /// <summary>Finished instances, oldest first.</summary>
    public static List<string> Finished(StoreTransaction transaction, InstanceFilter filter, int limit) =>
        transaction.Session.Query(
            $"""
            SELECT id FROM instances WHERE {Filter} AND status NOT IN ({OrchestrationStatuses.UnfinishedList}) ORDER BY created_at, id LIMIT ?7
            """,
            row => row.Text(0),
            transaction.Hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            StatusList(filter),
            filter.IdPrefix,
            filter.ExcludesEntities,
            (long)limit
        );

    private static OrchestrationState Read(SqlRow row, bool withContent) =>
        new()
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = row.Text(0), ExecutionId = row.TextOrNull(1) },
            Name = row.Text(2),
            Version = row.TextOrNull(3),
            OrchestrationStatus = (OrchestrationStatus)row.Integer(4),
            Output = withContent ? row.TextOrNull(5) : null,
            FailureDetails = withContent ? EventJson.ReadValue<FailureDetails>(row.TextOrNull(6)) : null,
            Status = row.TextOrNull(7),
            Tags = EventJson.ReadValue<Dictionary<string, string>>(row.TextOrNull(8)),
            Generation = row.IsNull(9) ? null : row.Integer(9),
            ParentInstance = EventJson.ReadValue<ParentInstance>(row.TextOrNull(10)),
            CreatedTime = row.Time(11),
            LastUpdatedTime = row.Time(12),
            CompletedTime = row.TimeOrNull(13) ?? default,
            ScheduledStartTime = row.TimeOrNull(14),
        };

    private static OrchestrationState WithContent(SqlSession session, long hub, OrchestrationState state, bool withContent)
    {
        state.Input = withContent ? HistoryTable.ReadInput(session, hub, state.OrchestrationInstance.InstanceId) : null;
        return state;
    }

    private static string? StatusList(InstanceFilter filter) =>
        filter.Statuses is { Count: > 0 } statuses
            ? $"[{string.Join(',', statuses.Select(status => ((int)status).ToString(CultureInfo.InvariantCulture)))}]"
            : null;

    private static (long? Time, string? Id) ParseTimeAndId(string? token)
    {
        if (string.IsNullOrEmpty(token))
        {
            return (null, null);
        }

        return token.Split('|', 2) is [var ticks, var id] && long.TryParse(ticks, CultureInfo.InvariantCulture, out long time)
            ? (time, id)
            : throw new ArgumentException($"'{token}' is not a continuation token of this provider.", nameof(token));
    }
}
