using Serverless.Packages.Onnx;

namespace Serverless.Packages;

/// <summary>What a package's files say of the model, read and checked; its weights were looked at, and are not kept. Immutable.</summary>
public sealed record PackageContents
{
    private PackageContents(PackageFiles files, ModelLimits limits)
    {
        List<string> notes = [];
        (Files, Limits) = (files, limits);
        Config = files.Has("config.json") ? ModelConfig.Load(files, limits, notes) : null;
        Task = TaskDetection.Detect(files, Config);
        bool isTwo = Task == ModelTask.TextImageEmbedding;
        Graph = ModelGraph.Load(files, limits, isTwo ? ModelGraph.Texts : ModelGraph.Whole);
        if (isTwo)
        {
            ImageGraph = ModelGraph.Load(files, limits, ModelGraph.Images);
            if (WeightBytes > limits.MaxMemoryBytes)
            {
                throw Graph.Reject($"weights of {WeightBytes} bytes with {ImageGraph.File}", $"at most {limits.MaxMemoryBytes} in both");
            }
            notes.Add($"Raw tensors are answered by {Graph.File} alone.");
        }
        if (Task == ModelTask.Tensors && Config is not null && TaskDetection.UnknownHead(Config) is { } head)
        {
            notes.Add($"The model answers raw tensors only: {head} is for no task that is answered here.");
        }
        Notes = notes;
    }

    public PackageFiles Files { get; }
    public ModelLimits Limits { get; }

    /// <summary>There for every task but Tensors.</summary>
    public ModelConfig? Config { get; }

    /// <summary>Of a package for texts and images the one for texts.</summary>
    public ModelGraph Graph { get; private init; }

    /// <summary>The other one of a package for texts and images; null for every other task.</summary>
    public ModelGraph? ImageGraph { get; private init; }

    public IEnumerable<ModelGraph> Graphs => ImageGraph is null ? [Graph] : [Graph, ImageGraph];

    /// <summary>In the graphs and in the files that they name.</summary>
    public long WeightBytes => Graphs.Sum(graph => graph.Model.WeightBytes);

    /// <summary>Null where the task does not pool.</summary>
    public PoolingConfig? Pooling { get; private init; }

    /// <summary>What is put before each text; null where nothing is.</summary>
    public string? Prompt { get; private init; }

    public ModelTask Task { get; private init; }

    /// <summary>What of the package changes answers and is not followed, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; }

    /// <exception cref="ModelRejectedException">A file is missing, malformed, too large, or asks for what is not known.</exception>
    public static PackageContents Read(PackageFiles files, ModelLimits limits)
    {
        PackageContents contents = new(files, limits);
        try
        {
            return contents.ReadSettings();
        }
        catch (TaskMismatchException e)
        {
            return contents.AsTensors(e);
        }
    }

    public PackageContents WithNotes(IReadOnlyList<string> more) => this with { Notes = [.. Notes, .. more] };

    /// <summary>The two halves of a package for texts and images, each as a package of its own task.</summary>
    public (PackageContents Texts, PackageContents Images) Halve() =>
        (
            this with
            {
                Task = ModelTask.TextEmbedding,
                ImageGraph = null,
            },
            this with
            {
                Task = ModelTask.ImageEmbedding,
                Graph = ImageGraph!,
                ImageGraph = null,
            }
        );

    /// <summary>The same package as one of raw tensors, for which none of its settings matters.</summary>
    public PackageContents AsTensors(TaskMismatchException why) =>
        this with
        {
            Task = ModelTask.Tensors,
            Pooling = null,
            Prompt = null,
            ImageGraph = null,
            Notes = [$"The model answers raw tensors only, since it is none for {Task}, which its files suggest: {why.Reason}."],
        };

    private PackageContents ReadSettings()
    {
        List<string> notes = [.. Notes];
        PoolingConfig? pooling = Pools ? PoolingConfig.Find(Files) : null;
        return this with { Pooling = pooling, Prompt = TakesText ? TextPrompt.Read(Files, Task, pooling, notes) : null, Notes = notes };
    }

    private bool Pools => Task is ModelTask.TextEmbedding or ModelTask.ImageEmbedding;

    private bool TakesText =>
        Task is ModelTask.TextEmbedding or ModelTask.TokenClassification or ModelTask.TextClassification or ModelTask.Reranking;
}

/// <summary>
/// What else a package must be for those who will load it; asked at registration, where nothing of it may run in the process that serves.
/// </summary>
/// <returns>The package as it will be served.</returns>
/// <exception cref="ModelRejectedException">It is not: the message names the file, what was found and what is expected.</exception>
public delegate Task<PackageContents> PackageGuard(PackageContents package, ModelReference reference, CancellationToken cancellationToken);
