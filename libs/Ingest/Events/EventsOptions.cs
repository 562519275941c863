namespace Serverless.Ingest.Events;

/// <summary>Announcing results to another application.</summary>
public sealed class EventsOptions
{
    /// <summary>Where results are posted; empty (the default) announces nothing.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>Base64 of the key shared with the receiver, at least 24 bytes; needed where there is an endpoint.</summary>
    public string? SigningKey { get; set; }

    /// <summary>How long one announcement may take in all, 10 s by default; then it is kept and tried again.</summary>
    public TimeSpan AnnounceWithin { get; set; } = TimeSpan.FromSeconds(10);

    public IEnumerable<string> Validate()
    {
        if (Endpoint is { IsAbsoluteUri: false } || Endpoint is { Scheme: not ("http" or "https") })
        {
            yield return $"Events:Endpoint is '{Endpoint}'; allowed is an absolute http or https address.";
        }
        if (Endpoint is not null && string.IsNullOrEmpty(SigningKey))
        {
            yield return "Events:SigningKey is empty; it must stand beside Events:Endpoint.";
        }
        if (AnnounceWithin <= TimeSpan.Zero)
        {
            yield return $"Events:AnnounceWithin is {AnnounceWithin}; allowed is more than nothing.";
        }
    }
}
