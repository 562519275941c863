namespace Serverless.Packages;

/// <summary>What a model package may weigh. Packages are untrusted: each bound is checked before the thing it bounds is read.</summary>
public sealed record ModelLimits
{
    public static ModelLimits Default { get; } = new();

    public int MaxFiles { get; init; } = 1_000;
    public int MaxFolderDepth { get; init; } = 8;
    public long MaxPackageBytes { get; init; } = 8L << 30;

    /// <summary>How many times its size an archive may unpack to. Weights hardly compress; vocabularies do to a tenth.</summary>
    public int MaxExpansion { get; init; } = 100;

    /// <summary>Of all weights together, and of any one tensor whose shape the graph fixes.</summary>
    public long MaxMemoryBytes { get; init; } = 4L << 30;

    /// <summary>Of the .onnx file itself, which protobuf keeps under 2 GiB; weights beyond that are external data.</summary>
    public long MaxGraphBytes { get; init; } = int.MaxValue;

    public int MaxJsonBytes { get; init; } = 4 << 20;
    public int MaxJsonDepth { get; init; } = 16;

    /// <summary>tokenizer.json and vocab.txt, which hold whole vocabularies.</summary>
    public int MaxTokenizerBytes { get; init; } = 64 << 20;

    public int MaxGraphNodes { get; init; } = 200_000;
    public int MaxGraphDepth { get; init; } = 8;
    public int MaxLabels { get; init; } = 100_000;

    /// <summary>A batch size that is fixed in the graph.</summary>
    public int MaxBatch { get; init; } = 1_024;

    /// <summary>A sequence length, fixed in the graph or named by config.json.</summary>
    public int MaxTokens { get; init; } = 32_768;

    /// <summary>Width or height of a model's input image.</summary>
    public int MaxImageSide { get; init; } = 4_096;
}
