using Serverless.Media;

namespace Serverless.Ingest.Documents;

/// <summary>
/// All that was found in one asset version; written once as <c>analyses/{asset}/{version}/analysis.json</c> and never changed.
/// Its published schema is <c>analysis.schema.json</c>.
/// </summary>
public sealed record AnalysisDocument
{
    public const int CurrentSchemaVersion = 1;

    public int SchemaVersion { get; init; } = CurrentSchemaVersion;
    public required string Asset { get; init; }
    public required string Version { get; init; }
    public required AssetSource Source { get; init; }
    public required string Sha256 { get; init; }
    public required long Size { get; init; }
    public required MediaKind Kind { get; init; }
    public required string MediaType { get; init; }

    /// <summary>Exactly one of the three is present, by kind.</summary>
    public TextFindings? Text { get; init; }
    public ImageFindings? Image { get; init; }
    public VideoFindings? Video { get; init; }

    public required IReadOnlyList<EmbeddingFile> Embeddings { get; init; }
    public required IReadOnlyList<ModelUse> Models { get; init; }
    public required AnalysisTimings Timings { get; init; }

    /// <summary>Which attempt at this version succeeded, counted over redrives.</summary>
    public required int Attempts { get; init; }
    public required DateTimeOffset Analysed { get; init; }
}

/// <summary>A model that took part, exactly enough to find it again.</summary>
public sealed record ModelUse(string Role, string Name, string Version, string Digest);

/// <summary>Vectors of one space, kept beside the document in the index's own segment format.</summary>
/// <param name="Space">Vectors of different spaces are never compared.</param>
public sealed record EmbeddingFile(string Space, string Path, int Count, int Dimensions);

/// <summary>A file beside the document, by its full path.</summary>
public sealed record ArtifactFile(string Path, string MediaType, long Bytes, int? Width = null, int? Height = null);

public sealed record LabelFinding(string Label, float Score);

/// <summary>Wall-clock milliseconds by stage; stages of a video overlap, so they need not add up to the total.</summary>
public sealed record AnalysisTimings
{
    /// <summary>Waiting as a job in a queue; nothing for what is analysed at once.</summary>
    public double QueueMilliseconds { get; init; }
    public double ReadMilliseconds { get; init; }
    public double DecodeMilliseconds { get; init; }
    public double InferenceMilliseconds { get; init; }
    public double WriteMilliseconds { get; init; }
    public double TotalMilliseconds { get; init; }
}
