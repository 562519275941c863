using System.Text.Json.Serialization;

namespace Serverless.AzureSearch;

/// <summary>A document as it is read: of the fields that were asked for. See <see cref="ServiceFields"/>.</summary>
internal sealed record ServiceDocument
{
    [JsonPropertyName(ServiceFields.Id)]
    public string Id { get; init; } = "";

    [JsonPropertyName(ServiceFields.Asset)]
    public string Asset { get; init; } = "";

    [JsonPropertyName(ServiceFields.Content)]
    public string? Content { get; init; }

    [JsonPropertyName(ServiceFields.Version)]
    public string Version { get; init; } = "";

    [JsonPropertyName(ServiceFields.Revision)]
    public int? Revision { get; init; }

    [JsonPropertyName(ServiceFields.Modified)]
    public long? Modified { get; init; }

    [JsonPropertyName(ServiceFields.Gone)]
    public bool? Gone { get; init; }

    [JsonPropertyName(ServiceFields.Spaces)]
    public IReadOnlyList<string>? Spaces { get; init; }

    [JsonPropertyName(ServiceFields.Place)]
    public string? Place { get; init; }

    [JsonPropertyName(ServiceFields.Kind)]
    public string? Kind { get; init; }

    [JsonPropertyName(ServiceFields.Store)]
    public string? Store { get; init; }

    [JsonPropertyName(ServiceFields.Language)]
    public string? Language { get; init; }

    [JsonPropertyName(ServiceFields.Labels)]
    public IReadOnlyList<string>? Labels { get; init; }

    [JsonPropertyName(ServiceFields.Entities)]
    public IReadOnlyList<string>? Entities { get; init; }

    [JsonPropertyName(ServiceFields.Models)]
    public IReadOnlyList<string>? Models { get; init; }

    [JsonPropertyName(ServiceFields.Facts)]
    public IReadOnlyList<string>? Facts { get; init; }

    [JsonPropertyName(ServiceFields.Given)]
    public IReadOnlyList<string>? Given { get; init; }

    [JsonPropertyName(ServiceFields.Registered)]
    public long? Registered { get; init; }

    [JsonPropertyName(ServiceFields.Source)]
    public int? Source { get; init; }

    [JsonPropertyName(ServiceFields.Picture)]
    public string? Picture { get; init; }

    [JsonPropertyName(ServiceFields.Told)]
    public int? Told { get; init; }

    [JsonPropertyName(ServiceFields.Text)]
    public string? Text { get; init; }
}

internal sealed record ServiceHit(ServiceDocument Document, double Score);
