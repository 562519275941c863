using System.Collections.Concurrent;
using Serverless.Packages;
using Serverless.Registry.Signatures;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// Local copies of versions at {folder}/versions/{digest}/{name}/{version}, checked against their digests before each use. One instance a
/// process; several processes may share the folder. Thread-safe.
/// </summary>
public sealed class PackageCache
{
    private readonly ModelRegistry _registry;
    private readonly VersionSignatures _signatures;
    private readonly CacheFolder _folder;
    private readonly PackageDownload _download;
    private readonly ConcurrentDictionary<ModelVersion, SemaphoreSlim> _turns = new();

    internal PackageCache(
        IObjectStore store,
        ModelRegistry registry,
        VersionSignatures signatures,
        RegistryOptions options,
        TimeProvider time
    )
    {
        (_registry, _signatures) = (registry, signatures);
        _folder = new CacheFolder(options, time);
        _download = new PackageDownload(store);
    }

    /// <summary>As below, for whoever loads a version for no environment: digests alone are checked.</summary>
    public Task<string> FetchAsync(ModelVersion version, CancellationToken cancellationToken) =>
        FetchAsync(version, environment: null, cancellationToken);

    /// <summary>
    /// The folder of a version, every byte of which was just compared with the manifest. A copy that differs is fetched again. Call it
    /// before each load; the folder stays until the space is needed for versions used later.
    /// </summary>
    /// <exception cref="RegistryException">No such version; or what is stored differs from what was registered; or the environment demands
    /// a signature it lacks.</exception>
    public async Task<string> FetchAsync(ModelVersion version, string? environment, CancellationToken cancellationToken)
    {
        ManifestObject manifest = await _registry.LoadObjectAsync(version, cancellationToken);
        if (environment is not null)
        {
            await _signatures.CheckAsync(manifest, environment, cancellationToken);
        }

        // One fetch however many ask; there are few versions, so their turns are kept.
        SemaphoreSlim turn = _turns.GetOrAdd(version, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            string kept = _folder.Of(manifest.Manifest);
            if (await PackageCheck.FindFaultAsync(kept, manifest.Manifest, cancellationToken) is not null)
            {
                await ReplaceAsync(kept, manifest.Manifest, cancellationToken);
            }
            _folder.Touch(kept);
            return kept;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task ReplaceAsync(string kept, ModelManifest manifest, CancellationToken cancellationToken)
    {
        _folder.MakeRoom(manifest);
        using ScratchFolder scratch = _folder.Scratch();
        await _download.RunAsync(manifest, scratch.Path, cancellationToken);
        if (await PackageCheck.FindFaultAsync(scratch.Path, manifest, cancellationToken) is { } fault)
        {
            throw new RegistryException(RegistryFault.Corrupt, $"Model {manifest.Id} is not what was registered: {fault}");
        }
        try
        {
            scratch.MoveTo(kept);
        }
        catch (IOException) when (Directory.Exists(kept))
        {
            // Either damaged, or of another process that was quicker and may be reading it.
            if (await PackageCheck.FindFaultAsync(kept, manifest, cancellationToken) is not null)
            {
                scratch.Replace(kept);
            }
        }
    }
}
