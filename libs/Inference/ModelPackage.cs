using Serverless.Inference.Images;
using Serverless.Inference.Text;
using Serverless.Registry;
using Serverless.Registry.Onnx;
using Serverless.Registry.Packages;

namespace Serverless.Inference;

/// <summary>
/// A folder {name}/{version}/ in the layout that Hugging Face exporters write, read and checked; immutable. A package is untrusted:
/// <see cref="Load"/> throws ModelRejectedException for whatever in it is malformed, too large or unknown.
/// </summary>
public sealed class ModelPackage
{
    private static readonly string[] TextEmbeddingOutputs = ["sentence_embedding", "token_embeddings", "last_hidden_state"];
    private static readonly string[] ClassificationOutputs = ["logits"];
    private static readonly string[] DetectionOutputs = ["output", "outputs", "predictions"];
    private static readonly string[] ImageEmbeddingOutputs = ["image_embeds", "pooler_output", "last_hidden_state"];

    private readonly ModelConfig? config;

    private ModelPackage(PackageFiles files, ModelLimits limits)
    {
        Files = files;
        Limits = limits;
        config = files.Has("config.json") ? ModelConfig.Load(files, limits) : null;
        Graph = ModelGraph.Load(files, limits);
        Pooling = PoolingConfig.Find(files);
        Task = TaskDetection.Detect(files, config, Pooling);
        switch (Task)
        {
            case ModelTask.TextEmbedding: Text = TextSignature.Of(Graph, limits, TextEmbeddingOutputs); break;
            case ModelTask.TokenClassification or ModelTask.TextClassification or ModelTask.Reranking:
                Text = TextSignature.Of(Graph, limits, ClassificationOutputs);
                break;
            case ModelTask.Tensors: break;
            default:
                Processing = ImageProcessing.Load(files, limits);
                Image = ImageSignature.Of(Graph, Processing, limits, OutputsOf(Task));
                break;
        }
        if (Task is not (ModelTask.TextEmbedding or ModelTask.ImageEmbedding or ModelTask.Reranking or ModelTask.Tensors) && Config.Labels is null)
            throw files.Reject("config.json", "no id2label", "the labels of the model's outputs");
        Reference = new ModelReference(files.Name, files.Version, files.Digest());
    }

    public string Name => Reference.Name;
    public string Version => Reference.Version;

    /// <summary>"sha256:" of the sorted list of the files' SHA-256 sums, as sha256sum prints it.</summary>
    public string Digest => Reference.Digest;
    public ModelReference Reference { get; }
    public ModelTask Task { get; }

    /// <summary>In the graph and in the files that it names.</summary>
    public long WeightBytes => Graph.Model.WeightBytes;

    public string Directory => Files.FullPath("");

    internal PackageFiles Files { get; }
    internal ModelLimits Limits { get; }

    /// <summary>There for every task but Tensors.</summary>
    internal ModelConfig Config => config ?? throw Files.Reject("config.json", "no such file", "this file in the package");
    internal ModelGraph Graph { get; }
    internal PoolingConfig? Pooling { get; }
    internal TextSignature? Text { get; }
    internal ImageSignature? Image { get; }
    internal ImageProcessing? Processing { get; }

    public static ModelPackage Load(string directory, ModelLimits limits) => new(new PackageFiles(directory, limits), limits);

    internal void Require(ModelTask task)
    {
        if (Task != task)
            throw Files.Reject("config.json", $"a model for {Task}", $"one for {task}");
    }

    internal ModelRejectedException RejectOutput(ReadOnlySpan<long> shape, string expected) =>
        Graph.Reject($"an output of [{string.Join(',', shape.ToArray())}] for one item", expected);

    private static string[] OutputsOf(ModelTask task) => task switch
    {
        ModelTask.ImageEmbedding => ImageEmbeddingOutputs,
        ModelTask.ObjectDetection => DetectionOutputs,
        _ => ClassificationOutputs,
    };
}
