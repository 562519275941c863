using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Access;

/// <summary>
/// Section <c>Access</c>: who has which of the roles read, predict, upload, publish, approve and operate. Where somebody is signed in, the
/// roles are those of the identity and the key only opens the host's door; else they are the key's.
/// </summary>
public sealed class AccessOptions : IValidatableObject
{
    /// <summary>
    /// Path of a file with members of this section as JSON (keys, otherKeys, claims, testSigningKey), which takes the place of the settings
    /// that it has, and is read again when it changes; none by default.
    /// </summary>
    public string? File { get; set; }

    /// <summary>Function keys by a name of the operator's; none by default. Whoever comes with one of them is one caller, who cannot
    /// approve what was asked for with it.</summary>
    public Dictionary<string, ListedKey> Keys { get; set; } = [];

    /// <summary>The roles of any other key that the host lets in; all by default, none where it is empty.</summary>
    public string OtherKeys { get; set; } = RoleNames.All;

    /// <summary>
    /// Whether App Service authentication ("Easy Auth") stands before the app; false by default. Its headers are believed then, which it
    /// takes from callers, so that without it anybody could be anybody. Who is not signed in keeps the roles of the key, but calls no
    /// route that records who asks.
    /// </summary>
    public bool EasyAuth { get; set; }

    /// <summary>
    /// Claims of the kind roles or groups that give roles, by a name of the operator's; none by default. A claim of the kind roles whose
    /// value is one of the six names gives that role without being listed.
    /// </summary>
    public Dictionary<string, ListedClaim> Claims { get; set; } = [];

    /// <summary>
    /// Base64 of 24 bytes or more, by which X-Rollout-Arm is signed for who may not publish; none by default, so that no signature is
    /// taken.
    /// </summary>
    public string? TestSigningKey { get; set; }

    /// <summary>What is made of the options, anew when the file has changed.</summary>
    /// <exception cref="ArgumentException">The file is not there, or wrong.</exception>
    internal Followed<T> Follow<T>(Func<AccessOptions, T> derive)
        where T : class => FollowedOptions.Follow<AccessOptions, GivenAccess, T>("Access", this, File, With, derive);

    private AccessOptions With(GivenAccess given) =>
        new()
        {
            File = File,
            Keys = given.Keys ?? Keys,
            OtherKeys = given.OtherKeys ?? OtherKeys,
            EasyAuth = EasyAuth,
            Claims = given.Claims ?? Claims,
            TestSigningKey = given.TestSigningKey ?? TestSigningKey,
        };

    /// <summary>What stands where a secret belongs is not repeated: somebody may have written the key itself there.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach ((string name, ListedKey key) in Keys)
        {
            if (key.ReadHash() is null)
            {
                yield return new($"Keys:{name}:Sha256 has {key.Sha256.Length} characters; it must be the 64 hexadecimal digits of a hash.");
            }
        }
        foreach (IGrouping<string, string> same in Keys.GroupBy(key => key.Value.Sha256.ToUpperInvariant(), key => key.Key))
        {
            if (same.Count() > 1)
            {
                yield return new($"Keys:{string.Join(" and Keys:", same.Order())} have the same hash; each must be of a key of its own.");
            }
        }
        IEnumerable<(string Setting, string Roles)> lists =
        [
            .. Keys.Select(key => ($"Keys:{key.Key}:Roles", key.Value.Roles)),
            .. Claims.Select(claim => ($"Claims:{claim.Key}:Roles", claim.Value.Roles)),
            ("OtherKeys", OtherKeys),
        ];
        foreach ((string setting, string roles) in lists)
        {
            foreach (string unknown in RoleNames.FindUnknown(roles))
            {
                yield return new($"{setting} names '{unknown}'; allowed are {RoleNames.All.Replace(",", ", ", StringComparison.Ordinal)}.");
            }
        }
        if (!string.IsNullOrEmpty(TestSigningKey) && !ForcedArm.IsKey(TestSigningKey))
        {
            yield return new($"TestSigningKey must be the base64 of at least {ForcedArm.MinKeyBytes} bytes.");
        }
    }
}

/// <summary>What the file of <see cref="AccessOptions.File"/> says; null of what the settings say.</summary>
internal sealed record GivenAccess
{
    public Dictionary<string, ListedKey>? Keys { get; init; }
    public string? OtherKeys { get; init; }
    public Dictionary<string, ListedClaim>? Claims { get; init; }
    public string? TestSigningKey { get; init; }
}

/// <summary>A claim that gives roles; a setting's name holds no value such as a group's id.</summary>
public sealed class ListedClaim
{
    /// <summary>For instance a group's id.</summary>
    public string Value { get; set; } = "";

    /// <summary>For instance "publish,approve"; none by default.</summary>
    public string Roles { get; set; } = "";
}

/// <summary>A function key that the operator knows by name.</summary>
public sealed class ListedKey
{
    /// <summary>Of the key's UTF-8 characters, in hexadecimal: <c>printf %s "$KEY" | sha256sum</c>.</summary>
    public string Sha256 { get; set; } = "";

    /// <summary>For instance "read,predict"; none by default.</summary>
    public string Roles { get; set; } = "";

    /// <summary>Null where it is none.</summary>
    internal byte[]? ReadHash() =>
        Sha256.Length == 2 * SHA256.HashSizeInBytes && Sha256.All(char.IsAsciiHexDigit) ? Convert.FromHexString(Sha256) : null;
}
