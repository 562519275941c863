namespace Serverless.Assets.Events;

/// <summary>An event in the structured JSON form of CloudEvents 1.0 (github.com/cloudevents/spec).</summary>
public sealed record CloudEvent<T>
{
    public const string ContentType = "application/cloudevents+json";

    [System.Text.Json.Serialization.JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    public required string Id { get; init; }
    public required string Source { get; init; }
    public required string Type { get; init; }
    public string? Subject { get; init; }
    public DateTimeOffset? Time { get; init; }

    [System.Text.Json.Serialization.JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    public required T Data { get; init; }
}

/// <summary>An asset version came to a result, good or bad; the document and the ledger tell the rest.</summary>
public sealed record AssetSettled(AssetSource Source, Ledgers.AssetState State)
{
    public const string EventType = "serverless.asset.settled.v1";

    /// <summary>The same for every announcement of the same result, so a receiver may drop repeats by source and id.</summary>
    public CloudEvent<AssetSettled> ToCloudEvent(DateTimeOffset time) => new()
    {
        Id = $"{Source.AssetId}-{Source.VersionId}-{State.ToString().ToLowerInvariant()}",
        Source = $"/stores/{Source.Store}/{Uri.EscapeDataString(Source.Container)}",
        Type = EventType,
        Subject = $"{Source.AssetId}/{Source.VersionId}",
        Time = time,
        Data = this,
    };
}
