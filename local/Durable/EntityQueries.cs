using DurableTask.Core;
using DurableTask.Core.Entities;
using Serverless.Local.Durable.Storage;

namespace Serverless.Local.Durable;

/// <summary>Reads entities. An entity's state is the input of its current execution, its custom status says how it stands.</summary>
internal sealed class EntityQueries(SqliteOrchestrationService service, Func<DurableStore> store) : EntityBackendQueries
{
    private const int DefaultPageSize = 100;

    public override Task<EntityMetadata?> GetEntityAsync(
        EntityId id,
        bool includeState = false,
        bool includeStateless = false,
        CancellationToken cancellationToken = default
    )
    {
        OrchestrationState? state = service.Find(id.ToString(), includeState);
        return Task.FromResult(state is null ? null : Describe(state, includeState, includeStateless));
    }

    public override Task<EntityQueryResult> QueryEntitiesAsync(EntityQuery query, CancellationToken cancellationToken)
    {
        (List<OrchestrationState> page, string? next) = List(
            query.InstanceIdStartsWith,
            query.PageSize,
            query.ContinuationToken,
            query.IncludeState
        );
        IEnumerable<EntityMetadata> found = page.Where(state =>
                (query.LastModifiedFrom is not { } from || state.LastUpdatedTime >= from.ToUniversalTime())
                && (query.LastModifiedTo is not { } to || state.LastUpdatedTime <= to.ToUniversalTime())
            )
            .Select(state => Describe(state, query.IncludeState, query.IncludeTransient))
            .OfType<EntityMetadata>();
        return Task.FromResult(new EntityQueryResult { Results = [.. found], ContinuationToken = next });
    }

    /// <summary>Frees entities whose lock owner is no longer running, and removes those without state. One page at a time.</summary>
    public override async Task<CleanEntityStorageResult> CleanEntityStorageAsync(
        CleanEntityStorageRequest request = default,
        CancellationToken cancellationToken = default
    )
    {
        CleanEntityStorageResult result = default;
        (List<OrchestrationState> page, string? next) = List(null, null, request.ContinuationToken, withState: false);
        foreach (OrchestrationState state in page)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EntityStatus? status = ClientEntityHelpers.GetEntityStatus(state.Status);
            if (request.ReleaseOrphanedLocks && status?.LockedBy is { } owner && !IsRunning(owner))
            {
                OrchestrationInstance entity = new() { InstanceId = state.OrchestrationInstance.InstanceId };
                EntityMessageEvent unlock = ClientEntityHelpers.EmitUnlockForOrphanedLock(entity, owner);
                await service.SendTaskOrchestrationMessageAsync(unlock.AsTaskMessage()).ConfigureAwait(false);
                result.OrphanedLocksReleased++;
            }
            else if (request.RemoveEmptyEntities && status is { EntityExists: false, LockedBy: null, BacklogQueueSize: 0 })
            {
                PurgeResult purged = await service.PurgeInstanceStateAsync(state.OrchestrationInstance.InstanceId).ConfigureAwait(false);
                result.EmptyEntitiesRemoved += purged.DeletedInstanceCount;
            }
        }

        result.ContinuationToken = next;
        return result;
    }

    private (List<OrchestrationState> Page, string? Next) List(string? prefix, int? size, string? after, bool withState)
    {
        InstanceFilter filter = new() { IdPrefix = string.IsNullOrEmpty(prefix) ? "@" : prefix };
        return store()
            .ReadTogether(session =>
                InstanceQuery.List(session, store().Hub, filter, size is > 0 ? size.Value : DefaultPageSize, after, withState)
            );
    }

    private bool IsRunning(string instanceId) =>
        service.Find(instanceId, withContent: false) is { } state && !OrchestrationStatuses.IsFinished(state.OrchestrationStatus);

    private static EntityMetadata? Describe(OrchestrationState state, bool withState, bool withStateless)
    {
        EntityStatus? status = ClientEntityHelpers.GetEntityStatus(state.Status);
        if (status?.EntityExists != true && !withStateless)
        {
            return null;
        }

        return new EntityMetadata
        {
            EntityId = EntityId.FromString(state.OrchestrationInstance.InstanceId),
            LastModifiedTime = state.LastUpdatedTime,
            BacklogQueueSize = status?.BacklogQueueSize ?? 0,
            LockedBy = status?.LockedBy,
            SerializedState = withState ? ClientEntityHelpers.GetEntityState(state.Input) : null,
        };
    }
}
