using Serverless.Storage;

namespace Serverless.Rollout.Experiments;

/// <summary>The experiments in the object store, changed by compare-and-swap. Thread-safe.</summary>
public sealed class ExperimentStore(IObjectStore store, TimeProvider time)
{
    private const string Prefix = "experiments/";
    private const int MaxRecordBytes = 1 << 20;

    /// <summary>False when there is one of that id.</summary>
    public async Task<bool> AddAsync(ExperimentRecord experiment, CancellationToken cancellationToken) =>
        await DocumentOf(PathOf(experiment.Id)).CreateAsync(experiment, cancellationToken) is not null;

    public async Task<ExperimentRecord?> FindAsync(string id, CancellationToken cancellationToken) =>
        RolloutLayout.Fault(id) is null ? (await DocumentOf(PathOf(id)).ReadAsync(cancellationToken))?.Value : null;

    /// <summary>The newest first.</summary>
    public async Task<Listed<ExperimentRecord>> ListAsync(CancellationToken cancellationToken)
    {
        Listed<ExperimentRecord> all = await ListedDocuments.ReadAsync(
            store.ListAsync(Prefix, cancellationToken),
            async (path, token) => (await DocumentOf(path).ReadAsync(token))?.Value,
            int.MaxValue,
            cancellationToken
        );
        return all with { Items = [.. all.Items.OrderByDescending(experiment => experiment.Started)] };
    }

    /// <summary>Applies a pure change; returning the same object changes nothing.</summary>
    /// <exception cref="ObjectMissingException">There is none of that id.</exception>
    public async Task<ExperimentRecord> UpdateAsync(
        string id,
        Func<ExperimentRecord, ExperimentRecord> change,
        CancellationToken cancellationToken
    )
    {
        Stored<ExperimentRecord>? stands = await DocumentOf(PathOf(id))
            .UpdateAsync(before => before is null ? null : change(before), cancellationToken);
        return stands?.Value ?? throw new ObjectMissingException(store.Name, PathOf(id));
    }

    private StoredDocument<ExperimentRecord> DocumentOf(string path) => new(store, path, MaxRecordBytes, time);

    private static string PathOf(string id) => $"{Prefix}{id}.json";
}
