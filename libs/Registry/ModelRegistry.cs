using System.Collections.Concurrent;
using System.Security.Cryptography;
using Serverless.Packages;
using Serverless.Registry.Signatures.Signing;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Which models and versions exist. One instance serves the process from all threads.</summary>
public sealed class ModelRegistry
{
    private const int MaxListed = 5_000;

    private readonly ConcurrentDictionary<ModelVersion, ModelManifest> _listed = new();
    private readonly IObjectStore _store;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;
    private readonly VersionIndex _index;
    private readonly PackageUpload _upload;
    private readonly FirstLoadReports _loads;
    private readonly IReadOnlyList<PackageGuard> _guards;
    private readonly LoadTrial? _tryLoad;
    private readonly Followed<PackageSigning> _signing;

    /// <param name="tryLoad">Null where versions are registered by a process that loads none; who serves one then tries it first.</param>
    internal ModelRegistry(
        IObjectStore store,
        RegistryOptions options,
        TimeProvider time,
        IEnumerable<PackageGuard> guards,
        LoadTrial? tryLoad
    )
    {
        (_store, _options, _time, _guards, _tryLoad) = (store, options, time, [.. guards], tryLoad);
        _signing = options.FollowKeys(current => new PackageSigning(current.Signing));
        (_index, _upload, _loads) = (new VersionIndex(store, time), new PackageUpload(store), new FirstLoadReports(store));
    }

    /// <summary>
    /// Checks the package in a folder, gives it the next number of its name, and stores it. The same package registers once: the
    /// version that it has is answered. What breaks off half way is finished by registering again.
    /// </summary>
    /// <exception cref="ModelRejectedException">The package is not one that may be loaded; the message names what in it.</exception>
    public async Task<RegisterOutcome> RegisterAsync(string folder, Registration registration, CancellationToken cancellationToken)
    {
        registration.Check();
        InspectedPackage package = await InspectedPackage.ReadAsync(
            folder,
            registration.Name,
            _options.Limits,
            _guards,
            _signing.Current,
            _time.GetUtcNow(),
            cancellationToken
        );
        FirstLoadReport? load = _tryLoad is null
            ? null
            : await _tryLoad(
                folder,
                new(registration.Name, InspectedPackage.NewVersion, package.Digest),
                _options.Limits,
                cancellationToken
            );
        VersionEntry entry = await _index.ClaimAsync(registration.Name, package.Digest, cancellationToken);
        ModelVersion version = new(registration.Name, entry.Version);
        if (await FindAsync(version, cancellationToken) is { } known)
        {
            return new(known, Created: false);
        }

        ModelManifest manifest = package.Describe(version, registration, _time.GetUtcNow());
        await _upload.RunAsync(package.Files, manifest, cancellationToken);
        if (load is not null)
        {
            await _loads.WriteAsync(version, load, cancellationToken);
        }
        return await _upload.CommitAsync(manifest, cancellationToken)
            ? new(manifest, Created: true)
            : new(await FindAsync(version, cancellationToken) ?? throw RegistryException.Missing(version), Created: false);
    }

    /// <summary>Null where there is no such version, or it was deleted.</summary>
    public Task<ModelManifest?> FindAsync(string name, int version, CancellationToken cancellationToken) =>
        FindAsync(new ModelVersion(name, version), cancellationToken);

    public async Task<ModelManifest?> FindAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await FindObjectAsync(version, cancellationToken))?.Manifest;

    /// <summary>All versions of a name, the oldest first; none where there is no such name. One that is corrupt is a fault.</summary>
    public async Task<Listed<ModelManifest>> ListAsync(string name, CancellationToken cancellationToken)
    {
        ModelVersion.CheckName(name);
        List<ModelManifest> manifests = [];
        List<string> faults = [];
        foreach (int version in await ListNumbersAsync(name, faults, cancellationToken))
        {
            try
            {
                if (await FindListedAsync(new(name, version), cancellationToken) is { } found)
                {
                    manifests.Add(found);
                }
            }
            catch (RegistryException e) when (e.Fault == RegistryFault.Corrupt)
            {
                faults.Add(e.Message);
            }
        }
        return new(manifests, faults);
    }

    private async Task<IEnumerable<int>> ListNumbersAsync(string name, List<string> faults, CancellationToken cancellationToken)
    {
        try
        {
            return (await _index.ReadAsync(name, cancellationToken)).Where(entry => entry.DeletedAt is null).Select(entry => entry.Version);
        }
        catch (Exception e) when (ListedDocuments.IsUnreadable(e))
        {
            faults.Add(ListedDocuments.FaultOf(RegistryLayout.Versions(name)));
            return [];
        }
    }

    /// <summary>For lists alone a manifest is remembered, since it never changes; what is loaded is read and checked each time.</summary>
    private async Task<ModelManifest?> FindListedAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (_listed.TryGetValue(version, out ModelManifest? known))
        {
            return known;
        }
        if (await ManifestObject.ReadAsync(_store, version, cancellationToken) is not { } found)
        {
            return null;
        }
        if (_listed.Count >= MaxListed)
        {
            _listed.Clear();
        }
        return _listed[version] = found.Manifest;
    }

    /// <summary>The names under which anything was registered, in order.</summary>
    public async Task<IReadOnlyList<string>> ListNamesAsync(CancellationToken cancellationToken)
    {
        List<string> names = [];
        await foreach (StoredObject found in _store.ListAsync(RegistryLayout.VersionsPrefix, cancellationToken))
        {
            names.Add(Path.GetFileNameWithoutExtension(found.Path));
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    /// <summary>The manifest as it is stored, byte for byte: what a signature is made over.</summary>
    public async Task<BinaryData?> ReadManifestAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await FindObjectAsync(version, cancellationToken))?.Bytes;

    /// <summary>A small file of a package, without the others.</summary>
    /// <exception cref="RegistryException">What is stored is not what was registered.</exception>
    public async Task<BinaryData> ReadFileAsync(ModelManifest manifest, string path, int maxBytes, CancellationToken cancellationToken)
    {
        ManifestFile file = manifest.Files.First(one => one.Path == path);
        ObjectContent? content = await _store.ReadAsync(RegistryLayout.Package(manifest.Id) + path, maxBytes, cancellationToken);
        return content is not null && Convert.ToHexStringLower(SHA256.HashData(content.Data.ToMemory().Span)) == file.Sha256
            ? content.Data
            : throw new RegistryException(RegistryFault.Corrupt, $"{path} of model {manifest.Id} is not the file that was registered.");
    }

    /// <exception cref="RegistryException">What is stored is not what was registered.</exception>
    internal async Task<ManifestObject?> FindObjectAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        Task<VersionEntry?> listing = _index.FindAsync(version, cancellationToken);
        Task<ManifestObject?> reading = ManifestObject.ReadAsync(_store, version, cancellationToken);
        await Task.WhenAll(listing, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What is wrong with the manifest of a version that is none is nobody's fault.
        if (await listing is not { DeletedAt: null } entry || await reading is not { } found)
        {
            return null;
        }
        return found.Manifest.Digest == entry.Digest
            ? found
            : throw new RegistryException(
                RegistryFault.Corrupt,
                $"Model {version} was registered with the digest {entry.Digest}; its manifest names {found.Manifest.Digest}."
            );
    }

    /// <summary>Whether the version is one still: deletion marks it before anything of it goes.</summary>
    internal async Task<bool> HoldsAsync(ModelVersion version, CancellationToken cancellationToken) =>
        await _index.FindAsync(version, cancellationToken) is { DeletedAt: null };

    internal async Task<ManifestObject> LoadObjectAsync(ModelVersion version, CancellationToken cancellationToken) =>
        await FindObjectAsync(version, cancellationToken) ?? throw RegistryException.Missing(version);
}
