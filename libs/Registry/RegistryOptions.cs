using System.Text.RegularExpressions;
using Serverless.Packages;
using Serverless.Registry.Signatures;

namespace Serverless.Registry;

/// <summary>Where versions are kept and what they may be.</summary>
public sealed partial class RegistryOptions
{
    /// <summary>The store that holds registry/…; default "azure".</summary>
    public string Store { get; set; } = "azure";

    /// <summary>The environments that have aliases and a history; default dev, qa, prod.</summary>
    public IList<string> Environments { get; set; } = ["dev", "qa", "prod"];

    /// <summary>
    /// ECDSA P-256 public keys by environment, as PEM or as the base64 of their SubjectPublicKeyInfo. An environment with keys
    /// takes only versions whose manifest one of them signed; default: none demands it.
    /// </summary>
    public IDictionary<string, string[]> PublicKeys { get; set; } = new Dictionary<string, string[]>();

    /// <summary>Folder of verified copies of versions, and of packages that are being registered.</summary>
    public string CacheFolder { get; set; } = Path.Combine(Path.GetTempPath(), "serverless-models");

    /// <summary>
    /// Copies beyond this are removed, the longest unused first; default 20 GiB. Raising it saves downloads and costs disk.
    /// </summary>
    public long MaxCacheBytes { get; set; } = 20L << 30;

    /// <summary>
    /// Packages that are taken in at once, 4 by default; others wait. Raising it costs disk: up to twice the most bytes of a package each.
    /// </summary>
    public int MaxIntakes { get; set; } = 4;

    /// <summary>How long after it served a version is still kept from deletion; default 7 days.</summary>
    public TimeSpan ProtectedFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Bounds on packages, which are untrusted.</summary>
    public ModelLimits Limits { get; set; } = new();

    /// <summary>Everything that is wrong, each problem naming its key, the value found and what is allowed.</summary>
    public IReadOnlyList<string> Validate() => [.. Problems()];

    internal string CheckEnvironment(string environment) =>
        Environments.Contains(environment)
            ? environment
            : throw new RegistryException(
                RegistryFault.Invalid,
                $"'{environment}' is no environment; allowed are {string.Join(", ", Environments)}."
            );

    private IEnumerable<string> Problems()
    {
        if (string.IsNullOrEmpty(Store))
        {
            yield return "Registry:Store is empty; it must name a store, for instance azure.";
        }
        if (Environments.Count == 0)
        {
            yield return "Registry:Environments is empty; at least one is needed.";
        }
        foreach (string environment in Environments.Where(e => !EnvironmentPattern().IsMatch(e)))
        {
            yield return $"Registry:Environments has '{environment}'; allowed are 1 to 32 lower-case letters, digits and '-'.";
        }
        if (string.IsNullOrEmpty(CacheFolder))
        {
            yield return "Registry:CacheFolder is empty; it must name a folder.";
        }
        if (MaxCacheBytes < 1)
        {
            yield return $"Registry:MaxCacheBytes is {MaxCacheBytes}; allowed is 1 or more.";
        }
        if (MaxIntakes is < 1 or > 100)
        {
            yield return $"Registry:MaxIntakes is {MaxIntakes}; allowed are 1 to 100.";
        }
        if (ProtectedFor < TimeSpan.Zero)
        {
            yield return $"Registry:ProtectedFor is {ProtectedFor}; allowed is zero or more.";
        }
        foreach ((string environment, string[] keys) in PublicKeys)
        {
            if (!Environments.Contains(environment))
            {
                yield return $"Registry:PublicKeys has '{environment}'; allowed are {string.Join(", ", Environments)}.";
            }
            foreach (string key in keys)
            {
                if (PublicKey.Fault(key) is { } fault)
                {
                    yield return $"Registry:PublicKeys:{environment} has a key that {fault}; allowed are ECDSA P-256 public keys as PEM or "
                        + $"base64.";
                }
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9\-]{1,32}\z")]
    private static partial Regex EnvironmentPattern();
}
