using System.ComponentModel.DataAnnotations;
using Serverless.Webhooks;

namespace Serverless.Ingest.Events;

/// <summary>Announcing results to another application.</summary>
public sealed class EventsOptions : IValidatableObject
{
    /// <summary>Where results are posted; empty (the default) announces nothing.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>
    /// Base64 of the key shared with the receiver, at least 24 bytes; of several, apart by spaces. Needed where there is an endpoint and no
    /// <see cref="SigningKeyFile"/>.
    /// </summary>
    public string? SigningKey { get; set; }

    /// <summary>A file with the same, such as a mounted secret, which is read again when it has changed; goes before the setting.</summary>
    public string? SigningKeyFile { get; set; }

    /// <summary>How long one announcement may take in all, 10 s by default; then it is kept and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan AnnounceWithin { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { IsAbsoluteUri: false } || Endpoint is { Scheme: not ("http" or "https") })
        {
            yield return new($"Endpoint is '{Endpoint}'; allowed is an absolute http or https address.");
        }
        if (Endpoint is not null && string.IsNullOrEmpty(SigningKey) && string.IsNullOrEmpty(SigningKeyFile))
        {
            yield return new("SigningKey is empty; it, or SigningKeyFile, must stand beside Endpoint.");
        }
    }

    /// <exception cref="ArgumentException">There is no key that can be read.</exception>
    public SigningKeys ReadKeys() =>
        string.IsNullOrEmpty(SigningKeyFile) ? SigningKeys.Of(SigningKey ?? "") : SigningKeys.FromFile(SigningKeyFile);
}
