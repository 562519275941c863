using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Says why something outside the registry needs a version, for instance a canary; null when it does not.</summary>
public delegate Task<string?> VersionGuard(ModelVersion version, CancellationToken cancellationToken);

/// <summary>
/// Deletes versions that nothing needs. A version is first marked as deleted, from when on none can be given to it by an alias, and
/// then what needs it is looked at once more; its number stays taken. Thread-safe.
/// </summary>
public sealed class VersionDeletion
{
    private readonly IObjectStore _store;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;
    private readonly DeploymentHistory _history;
    private readonly IReadOnlyList<VersionGuard> _guards;
    private readonly VersionIndex _index;

    internal VersionDeletion(
        IObjectStore store,
        RegistryOptions options,
        TimeProvider time,
        DeploymentHistory history,
        IEnumerable<VersionGuard> guards
    )
    {
        (_store, _options, _time, _history, _guards) = (store, options, time, history, [.. guards]);
        _index = new VersionIndex(store, time);
    }

    /// <summary>Deletes the version with its reports and signatures. One that broke off half way is finished by asking again.</summary>
    /// <exception cref="RegistryException">There is no such version (Missing), or something needs it (Protected).</exception>
    public async Task DeleteAsync(ModelVersion version, string by, CancellationToken cancellationToken)
    {
        RegistryText.Check("by", by);
        VersionEntry entry = await _index.FindAsync(version, cancellationToken) ?? throw RegistryException.Missing(version);
        if (entry.DeletedAt is null)
        {
            await CheckAsync(version, cancellationToken);
            await _index.MarkAsync(version, _time.GetUtcNow(), by, cancellationToken);
            await LookAgainAsync(version, cancellationToken);
        }
        if (await RemoveAsync(version, cancellationToken) == 0)
        {
            throw RegistryException.Missing(version);
        }
    }

    /// <summary>An alias may have been moved here while the version was being marked: then that move stands.</summary>
    private async Task LookAgainAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        try
        {
            await CheckAsync(version, cancellationToken);
        }
        catch
        {
            await _index.MarkAsync(version, deletedAt: null, by: null, CancellationToken.None);
            throw;
        }
    }

    private async Task CheckAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        foreach (string environment in _options.Environments)
        {
            if (
                LastServed(await _history.ListAsync(environment, version.Name, cancellationToken), version.Version) is { } last
                && last >= _time.GetUtcNow() - _options.ProtectedFor
            )
            {
                throw Protected(
                    version,
                    last == DateTimeOffset.MaxValue
                        ? $"it serves in {environment}"
                        : $"it served in {environment} until {last:u}; versions are kept for {_options.ProtectedFor} after that"
                );
            }
        }
        foreach (VersionGuard guard in _guards)
        {
            if (await guard(version, cancellationToken) is { } reason)
            {
                throw Protected(version, reason);
            }
        }
    }

    /// <summary>When it was last replaced; the end of time where it was not; null where it never served.</summary>
    private static DateTimeOffset? LastServed(IReadOnlyList<HistoryRecord> records, int version)
    {
        int last = records.Count - 1;
        while (last >= 0 && records[last].Version != version)
        {
            last--;
        }
        return last < 0 ? null
            : last == records.Count - 1 ? DateTimeOffset.MaxValue
            : records[last + 1].At;
    }

    private async Task<int> RemoveAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        List<string> paths = [];
        await foreach (StoredObject found in _store.ListAsync(RegistryLayout.Package(version), cancellationToken))
        {
            paths.Add(found.Path);
        }
        foreach (string path in paths)
        {
            await _store.DeleteAsync(path, cancellationToken);
        }
        return paths.Count;
    }

    private static RegistryException Protected(ModelVersion version, string reason) =>
        new(RegistryFault.Protected, $"Model {version} is not deleted: {reason}.");
}
