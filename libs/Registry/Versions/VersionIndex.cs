using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// Which numbers of a name were given to which digests; changed by compare-and-swap only, so that of two registrations at once each
/// gets a number of its own, or both the same where they bring the same package. A number whose manifest is not there yet belongs
/// to a registration under way, or to one that broke off and is finished by the next that brings the same package.
/// </summary>
internal sealed class VersionIndex(IObjectStore store, TimeProvider time)
{
    private const int MaxBytes = 8 << 20;
    private const int MaxVersions = 20_000;

    public async Task<IReadOnlyList<VersionEntry>> ReadAsync(string name, CancellationToken cancellationToken) =>
        (await DocumentOf(name).ReadAsync(cancellationToken))?.Value ?? [];

    public async Task<VersionEntry?> FindAsync(ModelVersion version, CancellationToken cancellationToken) =>
        (await ReadAsync(version.Name, cancellationToken)).FirstOrDefault(e => e.Version == version.Version);

    /// <summary>The number that this digest has, or the next one.</summary>
    public async Task<VersionEntry> ClaimAsync(string name, string digest, CancellationToken cancellationToken)
    {
        IReadOnlyList<VersionEntry> entries = await ChangeAsync(
            name,
            known =>
            {
                if (known.Any(e => e.Digest == digest && e.DeletedAt is null))
                {
                    return known;
                }
                if (known.Count == MaxVersions)
                {
                    throw new RegistryException(
                        RegistryFault.Invalid,
                        $"Model '{name}' has {known.Count} versions, which is the most; register under another name."
                    );
                }
                return [.. known, new VersionEntry(known.Count == 0 ? 1 : known[^1].Version + 1, digest, time.GetUtcNow())];
            },
            cancellationToken
        );
        return entries.Last(e => e.Digest == digest && e.DeletedAt is null);
    }

    /// <summary>Gives a number to the digest that has it in another registry.</summary>
    /// <exception cref="RegistryException">Here it belongs, or belonged, to something else.</exception>
    public Task ClaimAsync(ModelVersion version, string digest, CancellationToken cancellationToken) =>
        ChangeAsync(
            version.Name,
            known =>
                known.FirstOrDefault(e => e.Version == version.Version) switch
                {
                    null => [.. known.Append(new VersionEntry(version.Version, digest, time.GetUtcNow())).OrderBy(e => e.Version)],
                    { DeletedAt: null } same when same.Digest == digest => known,
                    var other => throw new RegistryException(
                        RegistryFault.Conflict,
                        $"Model {version} has the digest {digest} elsewhere; here its number belongs to {other.Digest}"
                            + $"{(other.DeletedAt is null ? "" : ", which was deleted")}."
                    ),
                },
            cancellationToken
        );

    /// <summary>Marks a version as deleted, or as there again where nothing of it was removed yet.</summary>
    public Task MarkAsync(ModelVersion version, DateTimeOffset? deletedAt, string? by, CancellationToken cancellationToken) =>
        ChangeAsync(
            version.Name,
            known => [.. known.Select(e => e.Version == version.Version ? e with { DeletedAt = deletedAt, DeletedBy = by } : e)],
            cancellationToken
        );

    private async Task<IReadOnlyList<VersionEntry>> ChangeAsync(
        string name,
        Func<IReadOnlyList<VersionEntry>, IReadOnlyList<VersionEntry>> change,
        CancellationToken cancellationToken
    ) => (await DocumentOf(name).UpdateAsync(known => change(known ?? []), cancellationToken))!.Value;

    private StoredDocument<IReadOnlyList<VersionEntry>> DocumentOf(string name) =>
        new(store, RegistryLayout.Versions(name), MaxBytes, time);
}

internal sealed record VersionEntry(int Version, string Digest, DateTimeOffset ClaimedAt)
{
    public DateTimeOffset? DeletedAt { get; init; }
    public string? DeletedBy { get; init; }
}
