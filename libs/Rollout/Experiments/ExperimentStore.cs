using Serverless.Storage;

namespace Serverless.Rollout.Experiments;

/// <summary>The experiments in the object store, changed by compare-and-swap. Thread-safe.</summary>
public sealed class ExperimentStore(IObjectStore store, TimeProvider time)
{
    private const string Prefix = "experiments/";
    private const int MaxRecordBytes = 1 << 20;
    private const int MaxConflicts = 20;

    /// <summary>False when there is one of that id.</summary>
    public async Task<bool> AddAsync(ExperimentRecord experiment, CancellationToken cancellationToken)
    {
        try
        {
            using Stream body = StoredJson.Write(experiment).ToStream();
            await store.WriteAsync(PathOf(experiment.Id), body, WriteCondition.IfAbsent, StoredJson.ContentType, cancellationToken);
            return true;
        }
        catch (ObjectConflictException)
        {
            return false;
        }
    }

    public async Task<ExperimentRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        RolloutLayout.Fault(id) is null && await store.ReadAsync(PathOf(id), MaxRecordBytes, cancellationToken) is { } content
            ? StoredJson.Read<ExperimentRecord>(content.Data)
            : null;

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<ExperimentRecord>> ListAsync(CancellationToken cancellationToken)
    {
        List<ExperimentRecord> all = [];
        await foreach (StoredObject found in store.ListAsync(Prefix, cancellationToken))
            if (await store.ReadAsync(found.Path, MaxRecordBytes, cancellationToken) is { } content)
                all.Add(StoredJson.Read<ExperimentRecord>(content.Data));
        return [.. all.OrderByDescending(experiment => experiment.Started)];
    }

    /// <summary>Applies a pure change; returning the same object changes nothing.</summary>
    public async Task<ExperimentRecord> UpdateAsync(string id, Func<ExperimentRecord, ExperimentRecord> change, CancellationToken cancellationToken)
    {
        for (int conflicts = 0; ; conflicts++)
        {
            ObjectContent content = await store.ReadAsync(PathOf(id), MaxRecordBytes, cancellationToken) ?? throw new ObjectMissingException(store.Name, PathOf(id));
            ExperimentRecord before = StoredJson.Read<ExperimentRecord>(content.Data);
            ExperimentRecord after = change(before);
            if (ReferenceEquals(before, after)) return before;
            try
            {
                using Stream body = StoredJson.Write(after).ToStream();
                await store.WriteAsync(PathOf(id), body, WriteCondition.IfMatch(content.Object.Version), StoredJson.ContentType, cancellationToken);
                return after;
            }
            catch (ObjectConflictException) when (conflicts < MaxConflicts)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5 * conflicts), time, cancellationToken);
            }
        }
    }

    private static string PathOf(string id) => $"{Prefix}{id}.json";
}
