using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json;

namespace Serverless.Local.Durable;

/// <summary>The service as the Durable Functions extension uses it.</summary>
internal sealed class SqliteDurabilityProvider(SqliteOrchestrationService service)
    : DurabilityProvider(SqliteDurabilityOptions.ProviderType, service, service, SqliteDurabilityOptions.ProviderType)
{
    private static readonly TimeSpan AnyDelay = TimeSpan.FromDays(3650);

    public override bool SupportsPollFreeWait => true;

    public override bool GuaranteesOrderedDelivery => true;

    public override bool SupportsImplicitEntityDeletion => true;

    public override bool CheckStatusBeforeRaiseEvent => true;

    /// <summary>A timer is a row, however long it takes.</summary>
    public override TimeSpan MaximumDelayTime { get; set; } = AnyDelay;

    public override TimeSpan LongRunningTimerIntervalLength { get; set; } = AnyDelay;

    public override string EventSourceName { get; set; } = "Serverless.Local.Durable";

    public override void SetUseSeparateQueueForEntityWorkItems(bool newValue) => service.SeparateEntities(newValue);

    public override async Task<IList<OrchestrationState>> GetAllOrchestrationStates(CancellationToken cancellationToken)
    {
        OrchestrationQuery query = new() { PageSize = int.MaxValue - 1 };
        return [.. (await service.GetOrchestrationWithQueryAsync(query, cancellationToken).ConfigureAwait(false)).OrchestrationState];
    }

    public override Task<IList<OrchestrationState>> GetOrchestrationStateWithInputsAsync(string instanceId, bool showInput = true)
    {
        OrchestrationState? state = service.Find(instanceId, withContent: true)?.ClearFieldsImmutably(!showInput, clearOutput: false);
        return Task.FromResult<IList<OrchestrationState>>(state is null ? [] : [state]);
    }

    public override async Task<OrchestrationStatusQueryResult> GetOrchestrationStateWithPagination(
        OrchestrationStatusQueryCondition condition,
        CancellationToken cancellationToken
    )
    {
        OrchestrationQuery query = new()
        {
            RuntimeStatus = condition.RuntimeStatus?.Select(status => Enum.Parse<OrchestrationStatus>(status.ToString())).ToArray(),
            CreatedTimeFrom = condition.CreatedTimeFrom == default ? null : condition.CreatedTimeFrom,
            CreatedTimeTo = condition.CreatedTimeTo == default ? null : condition.CreatedTimeTo,
            TaskHubNames = condition.TaskHubNames?.ToArray(),
            InstanceIdPrefix = condition.InstanceIdPrefix,
            PageSize = condition.PageSize,
            ContinuationToken = condition.ContinuationToken,
        };
        OrchestrationQueryResult result = await service.GetOrchestrationWithQueryAsync(query, cancellationToken).ConfigureAwait(false);
        return new OrchestrationStatusQueryResult
        {
            DurableOrchestrationState = [.. result.OrchestrationState.Select(state => InstanceStatus.Of(state, condition.ShowInput))],
            ContinuationToken = result.ContinuationToken,
        };
    }

    public override async Task<int> PurgeHistoryByFilters(
        DateTime createdTimeFrom,
        DateTime? createdTimeTo,
        IEnumerable<OrchestrationStatus> runtimeStatus
    )
    {
        PurgeInstanceFilter filter = new(createdTimeFrom, createdTimeTo, runtimeStatus);
        return (await service.PurgeInstanceStateAsync(filter).ConfigureAwait(false)).DeletedInstanceCount;
    }

    public override async Task<PurgeHistoryResult> PurgeInstanceHistoryByInstanceId(string instanceId) =>
        new((await service.PurgeInstanceStateAsync(instanceId).ConfigureAwait(false)).DeletedInstanceCount);

    public override async Task<string> RetrieveSerializedEntityState(EntityId entityId, JsonSerializerSettings serializierSettings)
    {
        DurableTask.Core.Entities.EntityId id = new(entityId.EntityName, entityId.EntityKey);
        return (await service.EntityBackendQueries.GetEntityAsync(id, includeState: true).ConfigureAwait(false))?.SerializedState!;
    }

    public override Task RewindAsync(string instanceId, string reason) => service.RewindAsync(instanceId, reason);

    public override Task<IAsyncEnumerable<HistoryEvent>> StreamOrchestrationHistoryAsync(
        string instanceId,
        CancellationToken cancellationToken
    ) => Task.FromResult(AsyncEnumerableOf(service.ReadHistory(instanceId)));

    // Two libraries offer the conversion here, so that neither can be called by name.
    private static async IAsyncEnumerable<HistoryEvent> AsyncEnumerableOf(IEnumerable<HistoryEvent> events)
    {
        foreach (HistoryEvent item in events)
        {
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }
}
