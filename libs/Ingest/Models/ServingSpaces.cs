using System.Collections.Concurrent;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Ingest.Models;

/// <summary>
/// The <see cref="ServingSpace"/> of each role that embeds, as all processes of an environment share it beside the registry. What was read
/// is believed for a second. Thread-safe; one for a process.
/// </summary>
public sealed class ServingSpaces(RegistryStore home, RolesOptions roles, TimeProvider time)
{
    private const int MaxBytes = 16 << 10;

    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<ModelRole, (ServingSpace? Space, long Read)> _read = new();

    /// <summary>Null until the first version has been embedded with.</summary>
    public async ValueTask<ServingSpace?> FindAsync(ModelRole role, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(role, out var known) && time.GetElapsedTime(known.Read) < BelievedFor)
        {
            return known.Space;
        }
        return Remember(role, (await DocumentOf(role).ReadAsync(cancellationToken))?.Value);
    }

    /// <summary>Of two hosts that would turn it at once both arrive at the same.</summary>
    public async Task<ServingSpace> UpdateAsync(
        ModelRole role,
        Func<ServingSpace?, ServingSpace> change,
        CancellationToken cancellationToken
    )
    {
        Stored<ServingSpace>? stands = await DocumentOf(role).UpdateAsync(before => change(before), cancellationToken);
        return Remember(role, stands!.Value)!;
    }

    private ServingSpace? Remember(ModelRole role, ServingSpace? space)
    {
        _read[role] = (space, time.GetTimestamp());
        return space;
    }

    private StoredDocument<ServingSpace> DocumentOf(ModelRole role) =>
        new(home.Store, $"registry/spaces/{roles.Environment}/{role.NameOf()}.json", MaxBytes, time);
}
