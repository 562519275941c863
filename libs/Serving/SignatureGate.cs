using System.Collections.Concurrent;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Serving;

/// <summary>
/// Lets a version answer in an environment that demands signatures only once its signature was verified there: models are loaded once for
/// all environments, by their digests. Thread-safe.
/// </summary>
public sealed class SignatureGate(RegistryOptions options, PackageCache packages)
{
    private readonly Followed<Verified> _verified = options.FollowKeys(Verified.By);

    /// <exception cref="RegistryException">The version lacks a signature by one of the environment's keys.</exception>
    internal async ValueTask CheckAsync(ModelVersion version, string environment, CancellationToken cancellationToken)
    {
        Verified verified = _verified.Current;
        if (!verified.IsDemanded(environment) || verified.Versions.ContainsKey((version, environment)))
        {
            return;
        }
        await packages.FetchAsync(version, environment, cancellationToken);
        verified.Versions[(version, environment)] = true;
    }

    /// <summary>By the keys of one moment: others make all be verified again.</summary>
    private sealed record Verified(IDictionary<string, string[]> Keys)
    {
        // Only versions that exist, so it stays small.
        public ConcurrentDictionary<(ModelVersion, string), bool> Versions { get; } = new();

        public static Verified By(RegistryOptions options) => new(options.PublicKeys);

        public bool IsDemanded(string environment) => Keys.TryGetValue(environment, out string[]? keys) && keys.Length > 0;
    }
}
