using System.Collections.Frozen;
using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry.Signatures;

/// <summary>
/// Detached signatures over a version's manifest.json, byte for byte, and whether an environment takes the version; the manifest
/// holds the digest of every file. Thread-safe.
/// </summary>
public sealed class VersionSignatures
{
    private const int MaxSignatureBytes = 4 << 10;
    private const int MaxRecordBytes = 16 << 10;

    private readonly IObjectStore _store;
    private readonly TimeProvider _time;
    private readonly IList<string> _environments;
    private readonly Followed<FrozenDictionary<string, PublicKey[]>> _keys;

    internal VersionSignatures(IObjectStore store, RegistryOptions options, TimeProvider time)
    {
        (_store, _time, _environments) = (store, time, options.Environments);
        _keys = options.FollowKeys(current =>
            current.PublicKeys.Where(e => e.Value.Length > 0).ToFrozenDictionary(e => e.Key, e => e.Value.Select(PublicKey.Read).ToArray())
        );
    }

    public bool IsDemanded(string environment) => _keys.Current.ContainsKey(environment);

    /// <summary>Stores a signature by whichever configured key made it; says in which environments it counts.</summary>
    /// <exception cref="RegistryException">No configured key made it, or there is no such version.</exception>
    public async Task<IReadOnlyList<string>> AddAsync(
        ModelVersion version,
        ReadOnlyMemory<byte> signature,
        string by,
        CancellationToken cancellationToken
    )
    {
        RegistryText.Check("by", by);
        FrozenDictionary<string, PublicKey[]> keys = _keys.Current;
        ManifestObject manifest = await ManifestObject.ReadAsync(_store, version, cancellationToken)
            ?? throw RegistryException.Missing(version);
        PublicKey? signer =
            signature.Length > MaxSignatureBytes
                ? null
                : keys.Values.SelectMany(k => k).FirstOrDefault(k => k.Verify(manifest.Bytes.ToMemory().Span, signature.Span));
        if (signer is null)
        {
            throw new RegistryException(
                RegistryFault.Invalid,
                keys.Count == 0
                    ? "No environment demands signatures: Registry:PublicKeys has no key by which one could be verified."
                    : $"The signature of {signature.Length} bytes is not one over {RegistryLayout.ManifestFile} of {version} by any of "
                        + $"the {keys.Values.Sum(k => k.Length)} configured keys; "
                        + "expected is ECDSA P-256 with SHA-256, in DER."
            );
        }
        var record = new SignatureRecord(signer.Id, signature.ToArray(), by, _time.GetUtcNow());
        using Stream body = StoredJson.Write(record).ToStream();
        await _store.WriteAsync(
            RegistryLayout.Signature(version, signer.Id),
            body,
            WriteCondition.Always,
            StoredJson.ContentType,
            cancellationToken
        );
        return [.. keys.Where(e => e.Value.Any(k => k.Id == signer.Id)).Select(e => e.Key).Order(StringComparer.Ordinal)];
    }

    /// <exception cref="RegistryException">The environment demands a signature and the version has no valid one.</exception>
    public async Task CheckAsync(ModelVersion version, string environment, CancellationToken cancellationToken)
    {
        if (!IsDemanded(environment))
        {
            return;
        }
        ManifestObject manifest = await ManifestObject.ReadAsync(_store, version, cancellationToken)
            ?? throw RegistryException.Missing(version);
        await CheckAsync(manifest, environment, cancellationToken);
    }

    /// <summary>Of each environment, whether it demands a signature, and whether the version has a valid one.</summary>
    public async Task<IReadOnlyList<SignatureStanding>> StandingAsync(ModelVersion version, CancellationToken cancellationToken)
    {
        ManifestObject manifest = await ManifestObject.ReadAsync(_store, version, cancellationToken)
            ?? throw RegistryException.Missing(version);
        List<SignatureStanding> standings = [];
        foreach (string environment in _environments)
        {
            bool isDemanded = IsDemanded(environment);
            standings.Add(new(environment, isDemanded, isDemanded && await HoldsAsync(manifest, environment, cancellationToken)));
        }
        return standings;
    }

    internal async Task CheckAsync(ManifestObject manifest, string environment, CancellationToken cancellationToken)
    {
        if (!await HoldsAsync(manifest, environment, cancellationToken))
        {
            throw new RegistryException(
                RegistryFault.Unsigned,
                $"Environment '{environment}' demands a signature by one of its keys "
                    + $"({string.Join(", ", _keys.Current.GetValueOrDefault(environment, []).Select(k => k.Id))}); "
                    + $"model {manifest.Manifest.Id} has no valid one."
            );
        }
    }

    internal async Task<bool> HoldsAsync(ManifestObject manifest, string environment, CancellationToken cancellationToken)
    {
        if (!_keys.Current.TryGetValue(environment, out PublicKey[]? accepted))
        {
            return true;
        }
        foreach (PublicKey key in accepted)
        {
            if (
                await _store.ReadAsync(RegistryLayout.Signature(manifest.Manifest.Id, key.Id), MaxRecordBytes, cancellationToken)
                    is { } content
                && key.Verify(manifest.Bytes.ToMemory().Span, StoredJson.Read<SignatureRecord>(content.Data).Signature)
            )
            {
                return true;
            }
        }
        return false;
    }

    private sealed record SignatureRecord(string Key, byte[] Signature, string By, DateTimeOffset At);
}

/// <param name="IsSigned">By one of the environment's keys; false where none is demanded.</param>
public sealed record SignatureStanding(string Environment, bool IsDemanded, bool IsSigned);
