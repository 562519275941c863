using System.ComponentModel.DataAnnotations;

namespace Serverless.Ingest.Events;

/// <summary>Announcing results to another application.</summary>
public sealed class EventsOptions : IValidatableObject
{
    /// <summary>Where results are posted; empty (the default) announces nothing.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Base64 of the key shared with the receiver, at least 24 bytes; needed where there is an endpoint.</summary>
    public string? SigningKey { get; set; }

    /// <summary>How long one announcement may take in all, 10 s by default; then it is kept and tried again.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan AnnounceWithin { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint is { IsAbsoluteUri: false } || Endpoint is { Scheme: not ("http" or "https") })
        {
            yield return new($"Endpoint is '{Endpoint}'; allowed is an absolute http or https address.");
        }
        if (Endpoint is not null && string.IsNullOrEmpty(SigningKey))
        {
            yield return new("SigningKey is empty; it must stand beside Endpoint.");
        }
    }
}
