using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry.Shared;

/// <summary>
/// Brings versions from the registry that deployments share into this one's own, and the other way where this one publishes. A version
/// keeps its number, its manifest byte for byte and its signatures; whether it loads is tried anew where it is served. Thread-safe.
/// </summary>
public sealed class SharedRegistry
{
    private readonly IObjectStore? _shared;
    private readonly IObjectStore _own;
    private readonly RegistryOptions _options;
    private readonly TimeProvider _time;

    /// <param name="shared">Null where there is none.</param>
    internal SharedRegistry(IObjectStore? shared, IObjectStore own, RegistryOptions options, TimeProvider time) =>
        (_shared, _own, _options, _time) = (shared, own, options, time);

    /// <summary>False where there is no shared registry, or it has no such version. May be repeated.</summary>
    /// <exception cref="RegistryException">
    /// What is stored there is not what was registered (Corrupt), or the number belongs to another package here (Conflict).
    /// </exception>
    public async Task<bool> TryImportAsync(ModelVersion version, CancellationToken cancellationToken) =>
        _shared is not null && await TryCopyAsync(version, _shared, _own, cancellationToken);

    /// <summary>Does nothing where this deployment does not publish. May be repeated.</summary>
    /// <exception cref="RegistryException">The number belongs to another package there (Conflict).</exception>
    public async Task PublishAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        if (_options.Shared.Publishes)
        {
            await TryCopyAsync(version, _own, _shared!, cancellationToken);
        }
    }

    private async Task<bool> TryCopyAsync(ModelVersion version, IObjectStore from, IObjectStore to, CancellationToken cancellationToken)
    {
        ModelRegistry source = new(from, _options, _time, guards: [], tryLoad: null);
        if (await source.FindObjectAsync(version, cancellationToken) is not { } found)
        {
            return false;
        }
        await new VersionIndex(to, _time).ClaimAsync(version, found.Manifest.Digest, cancellationToken);
        if (await ManifestObject.ReadAsync(to, version, cancellationToken) is null)
        {
            await CopyFilesAsync(found.Manifest, from, to, cancellationToken);
        }
        await CopySignaturesAsync(version, from, to, cancellationToken);
        // Last: with it the version is there.
        await new PackageUpload(to).CommitAsync(version, found.Bytes, cancellationToken);
        return true;
    }

    /// <summary>By way of a folder, whose bytes are compared with the manifest before any is written.</summary>
    private async Task CopyFilesAsync(ModelManifest manifest, IObjectStore from, IObjectStore to, CancellationToken cancellationToken)
    {
        CacheFolder cache = new(_options, _time);
        cache.MakeRoom(manifest);
        using ScratchFolder scratch = cache.Scratch();
        await new PackageDownload(from).RunAsync(manifest, scratch.Path, cancellationToken);
        if (await PackageCheck.FindFaultAsync(scratch.Path, manifest, cancellationToken) is { } fault)
        {
            throw new RegistryException(RegistryFault.Corrupt, $"Model {manifest.Id} is not what was registered: {fault}");
        }
        await new PackageUpload(to).RunAsync(scratch.Path, manifest, cancellationToken);
    }

    private static async Task CopySignaturesAsync(
        ModelVersion version,
        IObjectStore from,
        IObjectStore to,
        CancellationToken cancellationToken
    )
    {
        await foreach (StoredObject signature in from.ListAsync(RegistryLayout.Signatures(version), cancellationToken))
        {
            await using Stream content = await from.OpenAsync(signature.Path, version: null, 0, cancellationToken);
            await to.WriteAsync(signature.Path, content, WriteCondition.Always, StoredJson.ContentType, cancellationToken);
        }
    }
}
