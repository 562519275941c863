using System.Globalization;
using DurableTask.Core;

namespace Serverless.Local.Durable.Storage;

/// <summary>Which instances a list or a purge is about.</summary>
internal sealed record InstanceFilter
{
    public DateTime? CreatedFrom { get; init; }

    public DateTime? CreatedTo { get; init; }

    public IReadOnlyList<OrchestrationStatus>? Statuses { get; init; }

    public string? IdPrefix { get; init; }

    public bool ExcludesEntities { get; init; }
}

/// <summary>Where a list by creation has come to.</summary>
internal sealed record CreatedInstance(long CreatedAt, string Id);

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
        int size,
        string? after,
        bool withContent
    )
    {
        bool isById = IsById(filter);
        (long? time, string? id) = isById ? (null, string.IsNullOrEmpty(after) ? null : after) : ParseTimeAndId(after);
        List<OrchestrationState> states = session.Query(
            StatementOf(filter, goesOn: id is not null),
            row => Read(row, withContent),
            hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            filter.IdPrefix,
            filter.IdPrefix + LastCharacter,
            time,
            id,
            size + 1L
        );
        string? next = null;
        if (states.Count > size)
        {
            states.RemoveAt(size);
            OrchestrationState last = states[^1];
            string lastId = last.OrchestrationInstance.InstanceId;
            next = isById ? lastId : string.Create(CultureInfo.InvariantCulture, $"{last.CreatedTime.Ticks}|{lastId}");
        }

        return ([.. states.Select(state => WithContent(session, hub, state, withContent))], next);
    }

    /// <summary>
    /// The newest first, so that a page costs the same however many instances there are: an index leads to where it begins. Those of a
    /// prefix by id, since they lie together. Azure Storage lists all by id.
    /// </summary>
    /// <param name="goesOn">Whether it is not the first page.</param>
    internal static string StatementOf(InstanceFilter filter, bool goesOn) =>
        IsById(filter)
            ? $"{Select(Columns, filter, "", [Earliest(filter), Latest(filter), IdsOf(filter, goesOn)])} ORDER BY id LIMIT ?8"
            : $"{SelectByTime(Columns, filter, [Earliest(filter), goesOn ? Before(filter) : Latest(filter), IdsOf(filter)])} "
                + "ORDER BY created_at DESC, id DESC LIMIT ?8";

    /// <summary>Finished instances, oldest first, behind one of them.</summary>
    public static List<CreatedInstance> Finished(StoreTransaction transaction, InstanceFilter filter, CreatedInstance? after, int limit) =>
        transaction.Session.Query(
            StatementOfFinished(filter, goesOn: after is not null),
            row => new CreatedInstance(row.Number(0), row.Text(1)),
            transaction.Hub,
            filter.CreatedFrom,
            filter.CreatedTo,
            filter.IdPrefix,
            filter.IdPrefix + LastCharacter,
            after?.CreatedAt,
            after?.Id,
            (long)limit
        );

    internal static string StatementOfFinished(InstanceFilter filter, bool goesOn)
    {
        string finished = $"status NOT IN ({OrchestrationStatuses.UnfinishedList})";
        string? behind = goesOn ? "(created_at, id) > (?6, ?7)" : Earliest(filter);
        return $"{SelectByTime("created_at, id", filter, [behind, Latest(filter), IdsOf(filter), finished])} "
            + "ORDER BY created_at, id LIMIT ?8";
    }

    private static bool HasPrefix(InstanceFilter filter) => !string.IsNullOrEmpty(filter.IdPrefix);

    private static bool IsById(InstanceFilter filter) => HasPrefix(filter) && !IsOfFew(filter);

    private static bool IsOfFew(InstanceFilter filter) =>
        filter.Statuses is { Count: > 0 } statuses && !statuses.Contains(OrchestrationStatus.Completed);

    // A file that lives long holds few instances that go on or failed among many that have completed. SQLite merges the answers of several
    // statements of one order, so that each status is read along its own part of the index. It takes an index over some rows only where the
    // index's own condition stands in the statement.
    private static string SelectByTime(string columns, InstanceFilter filter, IEnumerable<string?> conditions) =>
        IsOfFew(filter)
            ? string.Join(
                " UNION ALL ",
                filter.Statuses!.Distinct().Order().Select(status => SelectOf(status, columns, filter, conditions))
            )
            : Select(columns, filter, "INDEXED BY instances_by_creation", conditions);

    private static string SelectOf(OrchestrationStatus status, string columns, InstanceFilter filter, IEnumerable<string?> conditions) =>
        Select(
            columns,
            filter with
            {
                Statuses = [status],
            },
            "INDEXED BY instances_by_status",
            [.. conditions, OrchestrationStatuses.NotCompleted]
        );

    // Only what is asked for stands in the statement, and one bound on a side, so that an index is used for it.
    private static string Select(string columns, InstanceFilter filter, string index, IEnumerable<string?> conditions)
    {
        string? status = filter.Statuses switch
        {
            null or { Count: 0 } => null,
            [var only] => $"status = {(int)only}",
            var several => $"status IN ({string.Join(", ", several.Select(one => (int)one).Order())})",
        };
        IEnumerable<string?> all = ["hub = ?1", status, .. conditions, filter.ExcludesEntities ? "NOT is_entity" : null];
        return $"SELECT {columns} FROM instances {index} WHERE {string.Join(" AND ", all.OfType<string>())}";
    }

    private static string? Earliest(InstanceFilter filter) => filter.CreatedFrom is null ? null : "created_at >= ?2";

    private static string? Latest(InstanceFilter filter) => filter.CreatedTo is null ? null : "created_at <= ?3";

    private static string Before(InstanceFilter filter) => $"(created_at, id) < ({(filter.CreatedTo is null ? "?6" : "min(?3, ?6)")}, ?7)";

    private static string? IdsOf(InstanceFilter filter, bool goesOn = false) =>
        !HasPrefix(filter) ? null
        : goesOn ? "id > max(?4, ?7) AND id < ?5"
        : "id >= ?4 AND id < ?5";

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
