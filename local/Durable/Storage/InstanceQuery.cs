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
    // After every character that an id may have after a prefix.
    private const string LastCharacter = "\U0010FFFF";

    private const string Columns = """
        id, execution_id, name, version, status, output, failure, custom_status, tags, generation, parent, created_at, updated_at,
        completed_at, scheduled_at
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
        List<OrchestrationState> states = session.Query(
            StatementOf(filter, order),
            row => Read(row, withContent),
            hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            filter.IdPrefix,
            filter.IdPrefix + LastCharacter,
            default,
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

    internal static string StatementOf(InstanceFilter filter, InstanceOrder order)
    {
        string page =
            order == InstanceOrder.NewestFirst
                ? "AND (?7 IS NULL OR (created_at, id) < (?7, ?8)) ORDER BY created_at DESC, id DESC LIMIT ?9"
                : "AND (?8 IS NULL OR id > ?8) ORDER BY id LIMIT ?9";
        return $"SELECT {Columns} FROM instances{Index(filter)} WHERE {Where(filter)} {page}";
    }

    /// <summary>Finished instances, oldest first.</summary>
    public static List<string> Finished(StoreTransaction transaction, InstanceFilter filter, int limit) =>
        transaction.Session.Query(
            $"""
            SELECT id FROM instances WHERE {Where(filter)} AND status NOT IN ({OrchestrationStatuses.UnfinishedList})
            ORDER BY created_at, id LIMIT ?6
            """,
            row => row.Text(0),
            transaction.Hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            filter.IdPrefix,
            filter.IdPrefix + LastCharacter,
            (long)limit
        );

    // A file that lives long holds few instances that go on among many that have ended. SQLite takes an index over some rows only where its
    // own condition stands in the statement, and would rather go by the key, which sorts the page, through all instances.
    private static string Index(InstanceFilter filter) => IsOfUnfinished(filter) ? " INDEXED BY instances_unfinished" : "";

    private static bool IsOfUnfinished(InstanceFilter filter) =>
        filter.Statuses is { Count: > 0 } statuses && !statuses.Any(OrchestrationStatuses.IsFinished);

    // Only what is asked for stands in the statement, so that an index is used for it.
    private static string Where(InstanceFilter filter) =>
        "hub = ?1"
        + (filter.CreatedFrom is null ? "" : " AND created_at >= ?2")
        + (filter.CreatedTo is null ? "" : " AND created_at <= ?3")
        + (string.IsNullOrEmpty(filter.IdPrefix) ? "" : " AND id >= ?4 AND id < ?5")
        + (
            filter.Statuses is { Count: > 0 } statuses
                ? $" AND status IN ({string.Join(", ", statuses.Select(status => (int)status).Order())})"
                : ""
        )
        + (IsOfUnfinished(filter) ? $" AND status IN ({OrchestrationStatuses.UnfinishedList})" : "")
        + (filter.ExcludesEntities ? " AND NOT is_entity" : "");

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
