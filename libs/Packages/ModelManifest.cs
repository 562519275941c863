using System.Text.Json.Serialization;

namespace Serverless.Packages;

/// <summary>What is known of a version for ever: written once, beside its files, when it is registered.</summary>
public sealed record ModelManifest
{
    public required string Name { get; init; }
    public required int Version { get; init; }

    /// <summary>"sha256:" of the sorted list of the files' SHA-256 sums, as sha256sum prints it.</summary>
    public required string Digest { get; init; }

    public required ModelTask Task { get; init; }

    /// <summary>Sorted by path, byte by byte.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }

    /// <summary>As the ONNX graph itself declares them.</summary>
    public required IReadOnlyList<TensorSpec> Inputs { get; init; }
    public required IReadOnlyList<TensorSpec> Outputs { get; init; }

    /// <summary>Operator sets that the graph imports, by domain; "ai.onnx" is the default one.</summary>
    public required IReadOnlyDictionary<string, long> Opsets { get; init; }

    public required ModelProcessing Processing { get; init; }

    /// <summary>What of the package changes answers and is not followed, a sentence each; mostly none.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>As whoever registered it measured them, by name.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    public ModelLineage Lineage { get; init; } = new();

    /// <summary>Of the package, by whoever published it; null where it brought none.</summary>
    public PackageSignature? Signature { get; init; }

    public string? Licence { get; init; }
    public required string RegisteredBy { get; init; }
    public required DateTimeOffset RegisteredAt { get; init; }

    public long TotalBytes => Files.Sum(f => f.Bytes);

    [JsonIgnore]
    public ModelVersion Id => new(Name, Version);
}

/// <summary>A signature over the files of a package, which it brought as model.sig (OpenSSF Model Signing 1.0).</summary>
/// <param name="Method">"key" or "certificate".</param>
/// <param name="Signer">The SHA-256 of the key's PEM, or the certificate's subject; null where nobody is trusted whose it could be.</param>
/// <param name="IsVerified">Whether somebody who is trusted made it; the files are those that were signed in any case.</param>
public sealed record PackageSignature(string Method, string? Signer, bool IsVerified);

public sealed record ManifestFile(string Path, long Bytes, string Sha256);

/// <param name="Datatype">As the Open Inference Protocol names it: FP32, INT64, BYTES, …</param>
/// <param name="Shape">-1 for a dynamic dimension; null where the rank is not declared.</param>
public sealed record TensorSpec(string Name, string Datatype, IReadOnlyList<long>? Shape);

/// <summary>How inputs become tensors and outputs answers, as the package's own files say.</summary>
public sealed record ModelProcessing
{
    /// <summary>The file that defines the tokenizer.</summary>
    public string? Tokenizer { get; init; }
    public int? MaxTokens { get; init; }

    /// <summary>What is put before each text.</summary>
    public string? Prompt { get; init; }

    /// <summary>How token vectors become one.</summary>
    public string? Pooling { get; init; }
    public bool? Normalise { get; init; }

    /// <summary>The file that says how images become pixels.</summary>
    public string? ImageProcessor { get; init; }

    /// <summary>What makes scores of outputs: softmax, sigmoid or none.</summary>
    public string? OutputFunction { get; init; }

    /// <summary>In the order of the outputs; left out where there are more than 1,000.</summary>
    public IReadOnlyList<string>? Labels { get; init; }
    public int? LabelCount { get; init; }
}

/// <summary>Where a version comes from.</summary>
public sealed record ModelLineage
{
    public string? TrainingRun { get; init; }
    public string? DataDigest { get; init; }
    public string? CodeCommit { get; init; }
    public string? BaseModel { get; init; }
}
