using Serverless.Registry.Onnx;

namespace Serverless.Registry.Packages;

/// <summary>A package that was read and found fit to be registered, with all that a manifest says of it.</summary>
internal sealed class InspectedPackage
{
    private const int MaxLabelsInManifest = 1_000;

    private readonly ModelConfig? config;
    private readonly PoolingConfig? pooling;
    private readonly ModelGraph graph;
    private readonly IReadOnlyList<ManifestFile> hashes;

    private InspectedPackage(PackageFiles files, ModelConfig? config, PoolingConfig? pooling, ModelGraph graph, IReadOnlyList<ManifestFile> hashes)
    {
        (Files, this.config, this.pooling, this.graph, this.hashes) = (files, config, pooling, graph, hashes);
        Digest = PackageDigest.Of(hashes);
    }

    public PackageFiles Files { get; }

    public string Digest { get; }

    /// <exception cref="ModelRejectedException"/>
    public static async Task<InspectedPackage> ReadAsync(string folder, string name, ModelLimits limits, CancellationToken cancellationToken)
    {
        var files = new PackageFiles(folder, name, limits);
        ModelConfig? config = files.Has("config.json") ? ModelConfig.Load(files, limits) : null;
        ModelGraph graph = ModelGraph.Load(files, limits);
        return new(files, config, PoolingConfig.Find(files), graph, PackedManifest.Check(files, await files.HashAsync(cancellationToken)));
    }

    public ModelManifest Describe(ModelVersion version, Registration registration, DateTimeOffset now) => new()
    {
        Name = version.Name,
        Version = version.Version,
        Digest = Digest,
        Task = TaskDetection.Detect(Files, config, pooling),
        Files = hashes,
        Inputs = [.. graph.Model.Inputs.Select(v => v.Describe())],
        Outputs = [.. graph.Model.Outputs.Select(v => v.Describe())],
        Opsets = graph.Model.Opsets.ToDictionary(o => o.Key.Length == 0 ? "ai.onnx" : o.Key, o => o.Value),
        Processing = DescribeProcessing(),
        Metrics = registration.Metrics,
        Lineage = registration.Lineage,
        Licence = registration.Licence,
        RegisteredBy = registration.By,
        RegisteredAt = now,
    };

    private ModelProcessing DescribeProcessing() => new()
    {
        Tokenizer = FirstOf("tokenizer.json", "vocab.txt"),
        MaxTokens = config?.MaxTokens,
        Pooling = pooling?.Mode.ToString(),
        Normalise = pooling?.Normalise,
        ImageProcessor = FirstOf("preprocessor_config.json"),
        OutputFunction = config?.Function?.ToString().ToLowerInvariant(),
        Labels = config?.Labels is { Count: <= MaxLabelsInManifest } labels ? labels : null,
        LabelCount = config?.Labels?.Count,
    };

    private string? FirstOf(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
            if (Files.Has(path))
                return path;
        return null;
    }
}
