using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Brings packages from outside into scratch folders, within bounds, for the registry to check. Thread-safe.</summary>
public sealed class PackageIntake
{
    private readonly RegistryOptions _options;
    private readonly IReadOnlyList<IObjectStore> _stores;
    private readonly CacheFolder _folder;
    private readonly SemaphoreSlim _turns;

    internal PackageIntake(IEnumerable<IObjectStore> stores, RegistryOptions options, TimeProvider time) =>
        (_stores, _options, _folder, _turns) = (
            [.. stores],
            options,
            new CacheFolder(options, time),
            new SemaphoreSlim(options.MaxIntakes)
        );

    /// <summary>A tar archive compressed with gzip, of unknown length.</summary>
    /// <exception cref="ModelRejectedException">The archive is broken, a bomb, or holds what no package may; nothing of it is
    /// left.</exception>
    public Task<StagedPackage> UnpackTarAsync(Stream archive, string name, CancellationToken cancellationToken) =>
        StageAsync(name, (stage, _) => TarUnpacker.RunAsync(archive, stage, _options.Limits, cancellationToken), cancellationToken);

    /// <summary>A zip archive, of unknown length.</summary>
    /// <exception cref="ModelRejectedException">As above.</exception>
    public Task<StagedPackage> UnpackZipAsync(Stream archive, string name, CancellationToken cancellationToken) =>
        StageAsync(
            name,
            (stage, scratch) => ZipUnpacker.RunAsync(archive, scratch + ".zip", stage, _options.Limits, cancellationToken),
            cancellationToken
        );

    /// <summary>
    /// An archive in a store (.zip, .tar.gz, .tgz), or all objects below a folder of it; the registry's own store where none is named.
    /// </summary>
    /// <exception cref="ModelRejectedException">There are none, or more than a package may have.</exception>
    public Task<StagedPackage> CopyAsync(string? store, string from, string name, CancellationToken cancellationToken) =>
        StageAsync(
            name,
            async (stage, scratch) =>
            {
                IObjectStore source = FindStore(store);
                if (!await TryUnpackAsync(source, from, stage, scratch, cancellationToken))
                {
                    await CopyAsync(source, from.TrimEnd('/') + "/", stage, cancellationToken);
                }
            },
            cancellationToken
        );

    /// <summary>False where the path names no archive, or there is no such object.</summary>
    private async Task<bool> TryUnpackAsync(
        IObjectStore store,
        string path,
        StagedPackage stage,
        string scratch,
        CancellationToken cancellationToken
    )
    {
        bool isZip = path.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        bool isTar =
            path.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);
        if (!(isZip || isTar) || await store.FindAsync(path, cancellationToken) is not { } archive)
        {
            return false;
        }
        await using Stream content = await store.OpenAsync(path, archive.Version, 0, cancellationToken);
        await (
            isZip
                ? ZipUnpacker.RunAsync(content, scratch + ".zip", stage, _options.Limits, cancellationToken)
                : TarUnpacker.RunAsync(content, stage, _options.Limits, cancellationToken)
        );
        return true;
    }

    private static async Task CopyAsync(IObjectStore store, string prefix, StagedPackage stage, CancellationToken cancellationToken)
    {
        bool any = false;
        await foreach (StoredObject found in store.ListAsync(prefix, cancellationToken))
        {
            any = true;
            if (stage.Admit(found.Path[prefix.Length..]) is not { } path)
            {
                continue;
            }
            await using Stream content = await store.OpenAsync(found.Path, found.Version, 0, cancellationToken);
            await stage.AddAsync(path, content, progress: null, cancellationToken);
        }
        if (!any)
        {
            throw stage.Reject($"{prefix} in store '{store.Name}'", "nothing", "the files of a package");
        }
    }

    private IObjectStore FindStore(string? name) =>
        _stores.FirstOrDefault(s => s.Name == (name ?? _options.Store))
        ?? throw new RegistryException(
            RegistryFault.Invalid,
            $"Store '{name}' is not configured; configured are {string.Join(", ", _stores.Select(s => s.Name))}."
        );

    private async Task<StagedPackage> StageAsync(string name, Func<StagedPackage, string, Task> fill, CancellationToken cancellationToken)
    {
        ModelVersion.CheckName(name);
        await _turns.WaitAsync(cancellationToken);
        StagedPackage? stage = null;
        try
        {
            ScratchFolder scratch = _folder.Scratch();
            stage = new(scratch, name, _options.Limits, () => _turns.Release());
            await fill(stage, scratch.Path);
            return stage;
        }
        catch
        {
            if (stage is null)
            {
                _turns.Release();
            }
            stage?.Dispose();
            throw;
        }
    }
}
