using System.Collections.Concurrent;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Ingest.Models;

/// <summary>
/// The <see cref="ServingSpace"/> of each embedding model, as all processes of an environment share it beside the registry. What was read is
/// believed for a second. Thread-safe; one for a process.
/// </summary>
public sealed class ServingSpaces(RegistryStore home, RolesOptions roles, TimeProvider time)
{
    private const int MaxBytes = 16 << 10;

    private static readonly TimeSpan BelievedFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, (ServingSpace? Space, long Read)> _read = new(StringComparer.Ordinal);

    /// <summary>Null until the first version has been embedded with.</summary>
    public async ValueTask<ServingSpace?> FindAsync(string model, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(model, out var known) && time.GetElapsedTime(known.Read) < BelievedFor)
        {
            return known.Space;
        }
        return Remember(model, (await DocumentOf(model).ReadAsync(cancellationToken))?.Value);
    }

    /// <summary>Of two hosts that would turn it at once both arrive at the same.</summary>
    public async Task<ServingSpace> UpdateAsync(string model, Func<ServingSpace?, ServingSpace> change, CancellationToken cancellationToken)
    {
        Stored<ServingSpace>? stands = await DocumentOf(model).UpdateAsync(before => change(before), cancellationToken);
        return Remember(model, stands!.Value)!;
    }

    private ServingSpace? Remember(string model, ServingSpace? space)
    {
        _read[model] = (space, time.GetTimestamp());
        return space;
    }

    private StoredDocument<ServingSpace> DocumentOf(string model) =>
        new(home.Store, $"registry/spaces/{roles.Environment}/{model}.json", MaxBytes, time);
}
