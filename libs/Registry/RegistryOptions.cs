using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using Serverless.Packages;
using Serverless.Registry.Shared;
using Serverless.Registry.Signatures;
using Serverless.Registry.Signatures.Signing;
using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>Where versions are kept and what they may be.</summary>
public sealed partial class RegistryOptions : IValidatableObject
{
    /// <summary>The store that holds registry/…; default "azure".</summary>
    [Required(ErrorMessage = "it must name a store, for instance azure")]
    public string Store { get; set; } = "azure";

    /// <summary>The environments that have aliases and a history; default dev, qa, prod.</summary>
    [MinLength(1)]
    public IList<string> Environments { get; set; } = ["dev", "qa", "prod"];

    /// <summary>
    /// ECDSA P-256 public keys by environment, as PEM or as the base64 of their SubjectPublicKeyInfo. An environment with keys
    /// takes only versions whose manifest one of them signed; default: none demands it.
    /// </summary>
    public IDictionary<string, string[]> PublicKeys { get; set; } = new Dictionary<string, string[]>();

    /// <summary>
    /// Path of a file with <see cref="PublicKeys"/> and <see cref="Signing"/> as JSON (publicKeys, signing), which takes the place of the
    /// settings that it has, and is read again when it changes; none by default.
    /// </summary>
    public string? KeysFile { get; set; }

    /// <summary>Whose signatures of packages count when they are registered; default nobody's.</summary>
    public SigningOptions Signing { get; set; } = new();

    /// <summary>Folder of verified copies of versions, and of packages that are being registered.</summary>
    [Required(ErrorMessage = "it must name a folder")]
    public string CacheFolder { get; set; } = Path.Combine(Path.GetTempPath(), "serverless-models");

    /// <summary>
    /// Copies beyond this are removed, the longest unused first; default 20 GiB. Raising it saves downloads and costs disk.
    /// </summary>
    [Range(1, long.MaxValue)]
    public long MaxCacheBytes { get; set; } = 20L << 30;

    /// <summary>
    /// Packages that are taken in at once, 4 by default; others wait. Raising it costs disk: up to twice the most bytes of a package each.
    /// </summary>
    [Range(1, 100)]
    public int MaxIntakes { get; set; } = 4;

    /// <summary>How long after it served a version is still kept from deletion; default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan ProtectedFor { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Where deployments share versions; default nowhere.</summary>
    public SharedRegistryOptions Shared { get; set; } = new();

    /// <summary>Bounds on packages, which are untrusted.</summary>
    public ModelLimits Limits { get; set; } = new();

    /// <summary>What is made of the keys, anew when the file has changed.</summary>
    /// <exception cref="ArgumentException">The file is not there, or wrong.</exception>
    public Followed<T> FollowKeys<T>(Func<RegistryOptions, T> derive)
        where T : class => FollowedOptions.Follow<RegistryOptions, GivenKeys, T>("Registry", this, KeysFile, With, derive);

    private RegistryOptions With(GivenKeys given) =>
        new()
        {
            Environments = Environments,
            PublicKeys = given.PublicKeys ?? PublicKeys,
            Signing = given.Signing ?? Signing,
        };

    internal string CheckEnvironment(string environment) =>
        Environments.Contains(environment)
            ? environment
            : throw new RegistryException(
                RegistryFault.Invalid,
                $"'{environment}' is no environment; allowed are {string.Join(", ", Environments)}."
            );

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (string environment in Environments.Where(e => !EnvironmentPattern().IsMatch(e)))
        {
            yield return new($"Environments has '{environment}'; allowed are 1 to 32 lower-case letters, digits and '-'.");
        }
        foreach (ValidationResult problem in Shared.Validate(validationContext))
        {
            yield return new($"Shared:{problem.ErrorMessage}");
        }
        foreach (ValidationResult problem in Signing.Validate(validationContext))
        {
            yield return new($"Signing:{problem.ErrorMessage}");
        }
        foreach ((string environment, string[] keys) in PublicKeys)
        {
            if (!Environments.Contains(environment))
            {
                yield return new($"PublicKeys has '{environment}'; allowed are {string.Join(", ", Environments)}.");
            }
            foreach (string fault in keys.Select(PublicKey.FaultOfP256).OfType<string>())
            {
                yield return new($"PublicKeys:{environment} has a key that {fault}; allowed are ECDSA P-256 public keys as PEM or base64.");
            }
        }
    }

    [GeneratedRegex(@"^[a-z0-9\-]{1,32}\z")]
    private static partial Regex EnvironmentPattern();

    /// <summary>What the file says; null of what the settings say.</summary>
    private sealed record GivenKeys
    {
        public Dictionary<string, string[]>? PublicKeys { get; init; }
        public SigningOptions? Signing { get; init; }
    }
}
