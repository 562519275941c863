using Serverless.Inference.Detection;
using Serverless.Inference.Images;
using Serverless.Inference.Text;
using Serverless.Packages;
using Serverless.Packages.Onnx;

namespace Serverless.Inference;

/// <summary>
/// A folder {name}/{version}/ in the layout that Hugging Face exporters write, read and found fit for its task as far as its files tell;
/// immutable. A package is untrusted: <see cref="Load"/> throws ModelRejectedException for whatever in it is malformed, too large,
/// unknown, or not what the task needs.
/// </summary>
public sealed class ModelPackage
{
    private static readonly string[] TextEmbeddingOutputs = ["sentence_embedding", "text_embeds", "token_embeddings", "last_hidden_state"];
    private static readonly string[] ClassificationOutputs = ["logits"];
    private static readonly string[] DetectionOutputs = ["output", "outputs", "predictions"];
    private static readonly string[] ImageEmbeddingOutputs = ["image_embeds", "pooler_output", "last_hidden_state"];

    private readonly PackageContents _contents;

    /// <summary>Of a package for texts and images, which has neither signature itself.</summary>
    private readonly (ModelPackage Texts, ModelPackage Images)? _halves;

    private ModelPackage(PackageContents contents, ModelReference reference)
    {
        (_contents, Reference) = (contents, reference);
        if (Task == ModelTask.Tensors)
        {
            return;
        }
        if (Task == ModelTask.TextImageEmbedding)
        {
            (PackageContents texts, PackageContents images) = contents.Halve();
            _halves = (new ModelPackage(texts, reference), new ModelPackage(images, reference));
            _contents = contents.WithNotes(_halves.Value.Texts.Encoder!.Tokenizer.Notes);
            return;
        }
        if (TakesImages)
        {
            ImageSignature.CheckInput(Graph);
            Processing = ImageProcessing.Load(Files, Limits);
            Image = ImageSignature.Of(Graph, Processing, Limits, OutputsOf(Task));
        }
        else
        {
            Text = TextSignature.Of(Graph, Limits, OutputsOf(Task));
            Encoder = new TextEncoder(this);
            _contents = contents.WithNotes(Encoder.Tokenizer.Notes);
        }
        if (Task is not (ModelTask.TextEmbedding or ModelTask.ImageEmbedding or ModelTask.Reranking) && Labels is null)
        {
            throw Files.Reject("config.json", "no id2label", "the labels of the model's outputs");
        }
        Head = Task == ModelTask.ObjectDetection ? DetectionHead.Load(Files, Processing!.FixedSize, Labels!.Count) : null;
        TaskOutput.CheckDeclared(this, Text?.Output ?? Image!.Output);
    }

    /// <summary>
    /// Refuses a package at its registration that would be refused when it is loaded, for all that shows without running it.
    /// </summary>
    public static PackageGuard Guard => Check;

    public string Name => Reference.Name;
    public string Version => Reference.Version;

    /// <summary>"sha256:" of the sorted list of the files' SHA-256 sums, as sha256sum prints it.</summary>
    public string Digest => Reference.Digest;
    public ModelReference Reference { get; }
    public ModelTask Task => _contents.Task;

    /// <summary>What of the package changes answers and is not followed, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _contents.Notes;

    /// <summary>In the graphs and in the files that they name.</summary>
    public long WeightBytes => _contents.WeightBytes;

    public string Directory => Files.FullPath("");

    internal PackageFiles Files => _contents.Files;
    internal ModelLimits Limits => _contents.Limits;

    /// <summary>There for every task but Tensors.</summary>
    internal ModelConfig Config => _contents.Config ?? throw Files.Reject("config.json", "no such file", "this file in the package");
    internal IReadOnlyList<string>? Labels => Config.Labels;
    internal ModelGraph Graph => _contents.Graph;
    internal PoolingConfig? Pooling => _contents.Pooling;
    internal string? Prompt => _contents.Prompt;

    /// <summary>Both of models that take text.</summary>
    internal TextSignature? Text { get; }
    internal TextEncoder? Encoder { get; }

    /// <summary>Both of models that take images.</summary>
    internal ImageSignature? Image { get; }
    internal ImageProcessing? Processing { get; }

    /// <summary>Of detectors.</summary>
    internal DetectionHead? Head { get; }

    public static ModelPackage Load(string directory, ModelLimits limits)
    {
        var files = new PackageFiles(directory, limits);
        PackageContents contents = PackageContents.Read(files, limits);
        return Read(contents, new ModelReference(files.Name, files.Version, files.Digest()));
    }

    /// <summary>From a folder of any place, whose digest is known.</summary>
    public static ModelPackage Load(string directory, ModelReference reference, ModelLimits limits) =>
        Read(PackageContents.Read(new PackageFiles(directory, reference.Name, reference.Version, limits), limits), reference);

    /// <summary>This package, or the half of it that is for the task.</summary>
    /// <exception cref="ModelRejectedException">It is for another task.</exception>
    internal ModelPackage For(ModelTask task)
    {
        if (_halves is { } halves && task is ModelTask.TextEmbedding or ModelTask.ImageEmbedding)
        {
            return task == ModelTask.TextEmbedding ? halves.Texts : halves.Images;
        }
        Require(task);
        return this;
    }

    internal void Require(ModelTask task)
    {
        if (Task != task)
        {
            throw Files.Reject("config.json", $"a model for {Task}", $"one for {task}");
        }
    }

    internal ModelRejectedException RejectOutput(ReadOnlySpan<long> shape, string expected) =>
        Graph.Reject($"an output of [{string.Join(',', shape.ToArray())}] for one item", expected);

    /// <summary>A package whose graph is none for the task that its files suggest is one of raw tensors.</summary>
    private static ModelPackage Read(PackageContents contents, ModelReference reference)
    {
        try
        {
            return new ModelPackage(contents, reference);
        }
        catch (TaskMismatchException e)
        {
            return new ModelPackage(contents.AsTensors(e), reference);
        }
    }

    private static Task<PackageContents> Check(PackageContents contents, ModelReference reference, CancellationToken cancellationToken) =>
        System.Threading.Tasks.Task.Factory.StartNew(
            () => Read(contents, reference)._contents,
            cancellationToken,
            TaskCreationOptions.LongRunning, // what its buffers are pooled in goes with the thread
            TaskScheduler.Default
        );

    private bool TakesImages => Task is ModelTask.ImageClassification or ModelTask.ImageEmbedding or ModelTask.ObjectDetection;

    private static string[] OutputsOf(ModelTask task) =>
        task switch
        {
            ModelTask.TextEmbedding => TextEmbeddingOutputs,
            ModelTask.ImageEmbedding => ImageEmbeddingOutputs,
            ModelTask.ObjectDetection => DetectionOutputs,
            _ => ClassificationOutputs,
        };
}
