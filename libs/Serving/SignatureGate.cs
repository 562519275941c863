using System.Collections.Concurrent;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Serving;

/// <summary>
/// Lets a version answer in an environment that demands signatures only once its signature was verified there: models are loaded once for
/// all environments, by their digests. Thread-safe.
/// </summary>
public sealed class SignatureGate(RegistryOptions options, PackageCache packages)
{
    private readonly ConcurrentDictionary<(ModelVersion, string), bool> _verified = new(); // only versions that exist, so it stays small

    /// <exception cref="RegistryException">The version lacks a signature by one of the environment's keys.</exception>
    internal async ValueTask CheckAsync(ModelVersion version, string environment, CancellationToken cancellationToken)
    {
        if (
            !options.PublicKeys.TryGetValue(environment, out string[]? keys)
            || keys.Length == 0
            || _verified.ContainsKey((version, environment))
        )
        {
            return;
        }
        await packages.FetchAsync(version, environment, cancellationToken);
        _verified[(version, environment)] = true;
    }
}
