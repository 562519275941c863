using DurableTask.Core;
using DurableTask.Core.Common;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Newtonsoft.Json;
using Serverless.Local.Durable.Storage;
using Serverless.Local.Durable.Turns;

namespace Serverless.Local.Durable;

internal sealed partial class SqliteOrchestrationService
    : IOrchestrationServiceClient,
        IOrchestrationServiceQueryClient,
        IOrchestrationServicePurgeClient
{
    private const int PurgeBatchSize = 100;

    /// <summary>Refuses the id of any instance that exists.</summary>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage) => CreateAsync(creationMessage, _ => false);

    /// <summary>Refuses the id of an instance in one of the statuses; one in another status gives way.</summary>
    public Task CreateTaskOrchestrationAsync(TaskMessage creationMessage, OrchestrationStatus[]? dedupeStatuses) =>
        CreateAsync(creationMessage, status => dedupeStatuses?.Contains(status) == false);

    public Task SendTaskOrchestrationMessageAsync(TaskMessage message) => SendTaskOrchestrationMessageBatchAsync(message);

    public Task SendTaskOrchestrationMessageBatchAsync(params TaskMessage[] messages)
    {
        StoredMessage[] stored = [.. messages.Select(Delivery.Prepare)];
        return Store.WriteAsync(transaction =>
        {
            Array.ForEach(stored, message => Delivery.Send(transaction, message));
            return 0;
        });
    }

    public async Task ForceTerminateTaskOrchestrationAsync(string instanceId, string reason)
    {
        await SendTaskOrchestrationMessageAsync(MessageTo(instanceId, new ExecutionTerminatedEvent(-1, reason))).ConfigureAwait(false);

        // One that had not started has ended already.
        _completions.Raise(instanceId);
    }

    /// <summary>Runs the failed tasks of a failed orchestration again, and those of its failed sub-orchestrations.</summary>
    public Task RewindAsync(string instanceId, string reason)
    {
        OrchestrationState state = Find(instanceId, withContent: false)
            ?? throw new ArgumentException($"No orchestration '{instanceId}' was found.", nameof(instanceId));
        return state.OrchestrationStatus == OrchestrationStatus.Failed
            ? SendTaskOrchestrationMessageAsync(MessageTo(instanceId, new ExecutionRewoundEvent(-1, reason)))
            : throw new InvalidOperationException(
                $"'{instanceId}' is {state.OrchestrationStatus}; only a failed orchestration can be rewound."
            );
    }

    public async Task<OrchestrationState> WaitForOrchestrationAsync(
        string instanceId,
        string? executionId,
        TimeSpan timeout,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource limit =
            timeout > TimeSpan.Zero && timeout < TimeSpan.FromDays(40)
                ? new CancellationTokenSource(timeout, _time)
                : new CancellationTokenSource();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        while (true)
        {
            TaskCompletionSource signal = _completions.Add(instanceId);
            try
            {
                OrchestrationState? state = Find(instanceId, withContent: true);
                if (state is not null && OrchestrationStatuses.IsFinished(state.OrchestrationStatus) && IsOf(state, executionId))
                {
                    return state;
                }

                await Task.WhenAny(signal.Task, Task.Delay(_options.PollInterval, _time, either.Token)).ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
                if (limit.IsCancellationRequested)
                {
                    return null!;
                }
            }
            finally
            {
                _completions.Remove(instanceId, signal);
            }
        }
    }

    public Task<IList<OrchestrationState>> GetOrchestrationStateAsync(string instanceId, bool allExecutions) =>
        Task.FromResult<IList<OrchestrationState>>(Find(instanceId, withContent: true) is { } state ? [state] : []);

    public Task<OrchestrationState> GetOrchestrationStateAsync(string instanceId, string? executionId) =>
        Task.FromResult(Find(instanceId, withContent: true) is { } state && IsOf(state, executionId) ? state : null!);

    public Task<string> GetOrchestrationHistoryAsync(string instanceId, string? executionId) =>
        Task.FromResult(JsonConvert.SerializeObject(ReadHistory(instanceId)));

    public Task<OrchestrationQueryResult> GetOrchestrationWithQueryAsync(OrchestrationQuery query, CancellationToken cancellationToken)
    {
        InstanceFilter filter = new()
        {
            CreatedFrom = query.CreatedTimeFrom,
            CreatedTo = query.CreatedTimeTo,
            Statuses = query.RuntimeStatus?.ToArray(),
            IdPrefix = query.InstanceIdPrefix,
            ExcludesEntities = query.ExcludeEntities,
        };
        bool isOtherHub = query.TaskHubNames is { Count: > 0 } hubs && !hubs.Contains(_settings.HubName, StringComparer.OrdinalIgnoreCase);
        (List<OrchestrationState> page, string? next) = isOtherHub
            ? ([], null)
            : Store.ReadTogether(session =>
                InstanceQuery.List(
                    session,
                    Store.Hub,
                    filter,
                    Math.Max(1, query.PageSize),
                    query.ContinuationToken,
                    query.FetchInputsAndOutputs
                )
            );
        return Task.FromResult(new OrchestrationQueryResult(page, next));
    }

    /// <summary>Writes to the file also where there is no such instance, so that it succeeds only while the store takes writes.</summary>
    public async Task<PurgeResult> PurgeInstanceStateAsync(string instanceId)
    {
        bool purged = await Store.WriteAsync(transaction => TryPurge(transaction, instanceId)).ConfigureAwait(false);
        return new PurgeResult(purged ? 1 : 0, isComplete: true);
    }

    /// <summary>Purges finished instances until none is left, or until the filter's time is up.</summary>
    public async Task<PurgeResult> PurgeInstanceStateAsync(PurgeInstanceFilter purgeInstanceFilter)
    {
        InstanceFilter filter = new()
        {
            CreatedFrom = purgeInstanceFilter.CreatedTimeFrom,
            CreatedTo = purgeInstanceFilter.CreatedTimeTo,
            Statuses = purgeInstanceFilter.RuntimeStatus?.ToArray(),
        };
        long begun = _time.GetTimestamp();
        int total = 0;
        CreatedInstance? last = null;
        while (true)
        {
            CreatedInstance? after = last;
            (int purged, last) = await Store.WriteAsync(transaction => PurgeBatch(transaction, filter, after)).ConfigureAwait(false);
            total += purged;
            if (purged < PurgeBatchSize)
            {
                return new PurgeResult(total, isComplete: true);
            }

            if (purgeInstanceFilter.Timeout is { } timeout && _time.GetElapsedTime(begun) >= timeout)
            {
                return new PurgeResult(total, isComplete: false);
            }
        }
    }

    public Task PurgeOrchestrationHistoryAsync(DateTime thresholdDateTimeUtc, OrchestrationStateTimeRangeFilterType timeRangeFilterType) =>
        timeRangeFilterType == OrchestrationStateTimeRangeFilterType.OrchestrationCreatedTimeFilter
            ? PurgeInstanceStateAsync(new PurgeInstanceFilter(DateTime.MinValue, thresholdDateTimeUtc, null))
            : throw new NotSupportedException($"Purging by {timeRangeFilterType} is not supported; purge by the time of creation.");

    public OrchestrationState? Find(string instanceId, bool withContent) =>
        Store.ReadTogether(session => InstanceQuery.Find(session, Store.Hub, instanceId, withContent));

    public List<HistoryEvent> ReadHistory(string instanceId) => Store.Read(session => HistoryTable.Read(session, Store.Hub, instanceId));

    private static bool TryPurge(StoreTransaction transaction, string instanceId)
    {
        if (InstancesTable.Standing(transaction, instanceId) is not { } standing)
        {
            Schema.Rewrite(transaction.Session);
            return false;
        }
        return (standing.IsFinished || (Entities.IsEntityInstance(instanceId) && !standing.IsInHand))
            && InstancesTable.Delete(transaction, instanceId);
    }

    // What stays is passed over once, not with each batch again.
    private static (int Purged, CreatedInstance? Last) PurgeBatch(
        StoreTransaction transaction,
        InstanceFilter filter,
        CreatedInstance? after
    )
    {
        List<CreatedInstance> finished = InstanceQuery.Finished(transaction, filter, after, PurgeBatchSize);
        finished.ForEach(instance => InstancesTable.Delete(transaction, instance.Id));
        return (finished.Count, finished.LastOrDefault());
    }

    private static bool IsOf(OrchestrationState state, string? executionId) =>
        string.IsNullOrEmpty(executionId) || state.OrchestrationInstance.ExecutionId == executionId;

    private static TaskMessage MessageTo(string instanceId, HistoryEvent item) =>
        new()
        {
            OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId },
            Event = item,
        };

    private async Task CreateAsync(TaskMessage creation, Func<OrchestrationStatus, bool> replaces)
    {
        StoredMessage start = Delivery.Prepare(creation);
        OrchestrationStatus? refused = await Store
            .WriteAsync(transaction => Delivery.Start(transaction, start, replaces))
            .ConfigureAwait(false);
        if (refused is { } status)
        {
            throw new OrchestrationAlreadyExistsException(
                $"An orchestration '{creation.OrchestrationInstance.InstanceId}' with status {status} already exists."
            );
        }
    }
}
