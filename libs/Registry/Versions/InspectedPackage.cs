using Serverless.Packages;
using Serverless.Registry.Signatures.Signing;

namespace Serverless.Registry;

/// <summary>A package that was read and found fit to be registered, with all that a manifest says of it.</summary>
internal sealed class InspectedPackage
{
    /// <summary>What messages call the version of a package that has no number yet.</summary>
    public const string NewVersion = "new";

    private const int MaxLabelsInManifest = 1_000;

    private readonly PackageContents _contents;
    private readonly IReadOnlyList<ManifestFile> _hashes;

    private readonly PackageSignature? _signature;

    private InspectedPackage(PackageContents contents, IReadOnlyList<ManifestFile> hashes, PackageSignature? signature)
    {
        (_contents, _hashes, _signature) = (contents, hashes, signature);
        Digest = PackageDigest.Of(hashes);
    }

    public PackageFiles Files => _contents.Files;

    public string Digest { get; }

    /// <exception cref="ModelRejectedException"/>
    public static async Task<InspectedPackage> ReadAsync(
        string folder,
        string name,
        ModelLimits limits,
        IReadOnlyList<PackageGuard> guards,
        PackageSigning signing,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var files = new PackageFiles(folder, name, NewVersion, limits);
        PackageContents contents = PackageContents.Read(files, limits);
        IReadOnlyList<ManifestFile> hashes = PackedManifest.Check(files, await files.HashAsync(cancellationToken));
        PackageSignature? signature = await signing.CheckAsync(files, hashes, now, cancellationToken);
        foreach (PackageGuard guard in guards)
        {
            contents = await guard(contents, new ModelReference(files.Name, files.Version, PackageDigest.Of(hashes)), cancellationToken);
        }
        return new(contents, hashes, signature);
    }

    public ModelManifest Describe(ModelVersion version, Registration registration, DateTimeOffset now) =>
        new()
        {
            Name = version.Name,
            Version = version.Version,
            Digest = Digest,
            Task = _contents.Task,
            Files = _hashes,
            Inputs = [.. _contents.Graphs.SelectMany(g => g.Model.Inputs).Select(v => v.Describe())],
            Outputs = [.. _contents.Graphs.SelectMany(g => g.Model.Outputs).Select(v => v.Describe())],
            Opsets = _contents
                .Graphs.SelectMany(g => g.Model.Opsets)
                .GroupBy(o => o.Key.Length == 0 ? "ai.onnx" : o.Key, o => o.Value)
                .ToDictionary(versions => versions.Key, versions => versions.Max()),
            Processing = DescribeProcessing(),
            Notes = _contents.Notes,
            Metrics = registration.Metrics,
            Lineage = registration.Lineage,
            Signature = _signature,
            Licence = registration.Licence,
            RegisteredBy = registration.By,
            RegisteredAt = now,
        };

    private ModelProcessing DescribeProcessing() =>
        new()
        {
            Tokenizer = FirstOf("tokenizer.json", "vocab.txt"),
            MaxTokens = _contents.Config?.MaxTokens,
            Prompt = _contents.Prompt,
            Pooling = _contents.Pooling?.Mode.ToString(),
            Normalise = _contents.Pooling?.Normalise,
            ImageProcessor = FirstOf("preprocessor_config.json"),
            OutputFunction = _contents.Config?.Function?.ToString().ToLowerInvariant(),
            Labels = _contents.Config?.Labels is { Count: <= MaxLabelsInManifest } labels ? labels : null,
            LabelCount = _contents.Config?.Labels?.Count,
        };

    private string? FirstOf(params ReadOnlySpan<string> paths)
    {
        foreach (string path in paths)
        {
            if (Files.Has(path))
            {
                return path;
            }
        }
        return null;
    }
}
