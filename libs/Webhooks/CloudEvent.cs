namespace Serverless.Webhooks;

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
