using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable;

internal sealed partial class EmbeddedDurableTaskClient
{
    private const int PurgePageSize = 100;

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return Task.FromResult(store.Find(instanceId) is { } row ? Describe(row, getInputsAndOutputs) : null);
    }

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        filter ??= new OrchestrationQuery();
        return Pageable.Create((token, sizeHint, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            int size = sizeHint ?? filter.PageSize;
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size, nameof(filter.PageSize));
            List<InstanceRow> rows = store.List(
                filter.CreatedFrom?.UtcDateTime, filter.CreatedTo?.UtcDateTime, filter.Statuses, filter.InstanceIdPrefix,
                Key(token ?? filter.ContinuationToken), size);
            string? next = rows.Count == size ? new PageKey(rows[^1].CreatedAt, rows[^1].Id).ToString() : null;
            return Task.FromResult(new Page<OrchestrationMetadata>(
                [.. rows.Select(row => Describe(row, filter.FetchInputsAndOutputs))], next));
        });
    }

    public override Task<Page<string>> ListInstanceIdsAsync(
        IEnumerable<OrchestrationRuntimeStatus>? runtimeStatus = null,
        DateTimeOffset? completedTimeFrom = null,
        DateTimeOffset? completedTimeTo = null,
        int pageSize = OrchestrationQuery.DefaultPageSize,
        string? lastInstanceKey = null,
        CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pageSize);
        List<PageKey> keys = store.ListFinished(
            completedTimeFrom?.UtcDateTime, completedTimeTo?.UtcDateTime, runtimeStatus, Key(lastInstanceKey), pageSize);
        string? next = keys.Count == pageSize ? keys[^1].ToString() : null;
        return Task.FromResult(new Page<string>([.. keys.Select(key => key.Id)], next));
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(
        string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new PurgeResult(await store.PurgeAsync(instanceId, options?.Recursive ?? false), isComplete: true);
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(
        PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        DateTime? deadline = Now + filter.Timeout;
        OrchestrationRuntimeStatus[] statuses = [.. (filter.Statuses ?? DedupeStatuses.Finished).Where(InstanceRow.IsFinal)];
        int purged = 0;
        while (statuses.Length > 0)
        {
            List<InstanceRow> rows = store.List(
                filter.CreatedFrom?.UtcDateTime, filter.CreatedTo?.UtcDateTime, statuses, null, null, PurgePageSize);
            if (rows.Count == 0)
                break;
            if (Now >= deadline)
                return new PurgeResult(purged, isComplete: false);

            cancellation.ThrowIfCancellationRequested();
            int[] counts = await Task.WhenAll(rows.Select(row => store.PurgeAsync(row.Id, options?.Recursive ?? false)));
            purged += counts.Sum();
        }

        return new PurgeResult(purged, isComplete: true);
    }

    private static PageKey? Key(string? token) => string.IsNullOrEmpty(token) ? null : PageKey.Parse(token);

    private OrchestrationMetadata Describe(InstanceRow row, bool withData) => new(row.Name, row.Id)
    {
        DataConverter = converter,
        RuntimeStatus = row.Status,
        CreatedAt = row.CreatedAt,
        LastUpdatedAt = row.UpdatedAt,
        SerializedInput = withData ? row.Input : null,
        SerializedOutput = withData ? row.Output : null,
        SerializedCustomStatus = withData ? row.CustomStatus : null,
        FailureDetails = row.Failure,
        Tags = row.Tags ?? new Dictionary<string, string>(),
    };
}
