namespace Serverless.Exports;

/// <summary>What the analysis of one version of an upload says, as far as exports have columns for it.</summary>
/// <param name="Version">Names it among those of the upload.</param>
/// <param name="Registered">When the version came.</param>
/// <param name="Kind">"text", "image" or "video".</param>
/// <param name="Labels">Of a picture, or of the shots of a film: the best score of each.</param>
/// <param name="Objects">How many of each.</param>
/// <param name="Models">That analysed it, as name/version.</param>
public sealed record AssetFacts(
    string Version,
    DateTimeOffset Registered,
    string Kind,
    string MediaType,
    long Size,
    string? Language,
    IReadOnlyList<AssetLabel> Labels,
    IReadOnlyList<AssetLabel> Topics,
    IReadOnlyList<AssetCount> Objects,
    IReadOnlyList<AssetEntity> Entities,
    IReadOnlyList<string> Models,
    DateTimeOffset Analysed
);

public sealed record AssetLabel(string Label, double Score);

public sealed record AssetCount(string Label, int Count);

/// <param name="Text">Null where texts are redacted.</param>
public sealed record AssetEntity(string Type, string? Text, int Count);

/// <summary>Of an upload, what the analyses of its versions say; none of one that is not known, or was deleted.</summary>
public delegate Task<IReadOnlyList<AssetFacts>> FindAssetFacts(string asset, CancellationToken cancellationToken);
