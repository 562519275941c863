using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Serverless.Media;
using Serverless.Media.Metadata;

namespace Serverless.Ingest.Documents;

/// <summary>
/// All that was found in one asset version, <c>analyses/{asset}/{version}/analysis.json</c>: replaced as a whole by a later revision, and
/// never changed otherwise.
/// Its published schema is <see cref="AnalysisSchema"/>, which is made of these records and their attributes.
/// </summary>
public sealed record AnalysisDocument
{
    public const int CurrentSchemaVersion = 1;

    [AllowedValues(CurrentSchemaVersion)]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    [Description("Names the object, whatever its version.")]
    [RegularExpression("^[a-z2-7]{26}$")]
    public required string Asset { get; init; }

    [Description("Names the version among those of the asset.")]
    [RegularExpression("^[a-z2-7]{13}$")]
    public required string Version { get; init; }

    public required AssetSource Source { get; init; }

    [RegularExpression("^[0-9a-f]{64}$")]
    public required string Sha256 { get; init; }

    [Description("Names models, options and code: the same bytes with the same fingerprint come out alike.")]
    [RegularExpression("^[0-9a-f]{64}$")]
    public string? Fingerprint { get; init; }

    [Description("The version whose analysis this is a copy of, since the bytes are the same.")]
    [RegularExpression("^[a-z2-7]{13}$")]
    public string? ReusedFrom { get; init; }

    [Description("The asset that this version is of, where it is another one: the same bytes lie at its path.")]
    [RegularExpression("^[a-z2-7]{26}$")]
    public string? ReusedFromAsset { get; init; }

    [Description("1 for the first analysis of the version; each analysis by other models adds one, and takes the place of the one before.")]
    [Range(1, int.MaxValue)]
    public int Revision { get; init; } = 1;

    [Range(1, double.MaxValue)]
    public required long Size { get; init; }

    public required MediaKind Kind { get; init; }

    [RegularExpression("^[a-z]+/[a-z0-9.+-]+$")]
    public required string MediaType { get; init; }

    /// <summary>Exactly one of the three is present, by kind.</summary>
    public TextFindings? Text { get; init; }
    public ImageFindings? Image { get; init; }
    public VideoFindings? Video { get; init; }

    public MediaMetadata? Metadata { get; init; }

    [Description("What the uploader said of the object, as metadata of its store, by names in lower case.")]
    public IReadOnlyDictionary<string, string>? Given { get; init; }

    public required IReadOnlyList<EmbeddingFile> Embeddings { get; init; }

    [MinLength(1)]
    public required IReadOnlyList<ModelUse> Models { get; init; }

    public required AnalysisTimings Timings { get; init; }

    [Description("What each model took, of a film in all attempts. Absent of a copy, and where it was not counted.")]
    public IReadOnlyList<ModelSpent>? Spent { get; init; }

    /// <summary>Which attempt at this version succeeded, counted over redrives.</summary>
    [Range(1, int.MaxValue)]
    public required int Attempts { get; init; }

    public required DateTimeOffset Analysed { get; init; }
}

/// <summary>A model that took part, exactly enough to find it again.</summary>
public sealed record ModelUse(
    [AllowedValues("textEmbedding", "entities", "topics", "imageLabels", "imageEmbedding", "detection")] string Role,
    [MinLength(1)] string Name,
    [MinLength(1)] string Version,
    [RegularExpression("^sha256:[0-9a-f]{64}$")] string Digest
);

/// <summary>Vectors of one space, kept beside the document in the index's own segment format.</summary>
[Description("Vectors of one model, as a segment file. Vectors of different spaces must not be compared.")]
public sealed record EmbeddingFile(
    [MinLength(1)] string Space,
    [RegularExpression("^analyses/")] string Path,
    [Range(0, int.MaxValue)] int Count,
    [Range(1, int.MaxValue)] int Dimensions
);

[Description("A file beside the document, by its full path.")]
public sealed record ArtifactFile(
    [RegularExpression("^analyses/[a-z2-7]{26}/[a-z2-7]{13}/")] string Path,
    [MinLength(1)] string MediaType,
    [Range(1, double.MaxValue)] long Bytes,
    [Range(1, int.MaxValue)] int? Width = null,
    [Range(1, int.MaxValue)] int? Height = null
);

public sealed record LabelFinding(
    [MinLength(1)] string Label,
    [Range(0, 1)] float Score,
    [property: Description("Present where several models share the role.")] string? Model = null
);

/// <summary>Something seen in a picture: a box in pixels, from its left upper corner.</summary>
public sealed record ObjectFinding(
    [MinLength(1)] string Label,
    [Range(0, 1)] float Score,
    float X,
    float Y,
    [Range(0, double.MaxValue)] float Width,
    [Range(0, double.MaxValue)] float Height,
    [property: Description("Present where several models share the role.")] string? Model = null
);

/// <summary>Wall-clock milliseconds by stage; stages of a video overlap, so they need not add up to the total.</summary>
public sealed record AnalysisTimings
{
    /// <summary>Waiting as a job in a queue; nothing for what is analysed at once.</summary>
    [Range(0, double.MaxValue)]
    public double QueueMilliseconds { get; init; }

    [Range(0, double.MaxValue)]
    public double ReadMilliseconds { get; init; }

    [Range(0, double.MaxValue)]
    public double DecodeMilliseconds { get; init; }

    [Range(0, double.MaxValue)]
    public double InferenceMilliseconds { get; init; }

    [Range(0, double.MaxValue)]
    public double WriteMilliseconds { get; init; }

    [Range(0, double.MaxValue)]
    public double TotalMilliseconds { get; init; }
}
