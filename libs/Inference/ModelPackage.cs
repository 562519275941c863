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
    private static readonly string[] ImageEmbeddingOutputs = ["image_embeds", "pooler_output", "last_hidden_state"];

    private ModelPackage(PackageFiles files, ModelLimits limits)
    {
        Files = files;
        Limits = limits;
        Config = ModelConfig.Load(files, limits);
        Graph = ModelGraph.Load(files, limits);
        Pooling = PoolingConfig.Find(files);
        Task = DetectTask();
        switch (Task)
        {
            case ModelTask.TextEmbedding: Text = TextSignature.Of(Graph, limits, TextEmbeddingOutputs); break;
            case ModelTask.TokenClassification: Text = TextSignature.Of(Graph, limits, ClassificationOutputs); break;
            default:
                Processing = ImageProcessing.Load(files, limits);
                Image = ImageSignature.Of(Graph, Processing, limits, Task == ModelTask.ImageEmbedding ? ImageEmbeddingOutputs : ClassificationOutputs);
                break;
        }
        if (Task is ModelTask.TokenClassification or ModelTask.ImageClassification && Config.Labels is null)
            throw files.Reject("config.json", "no id2label", "the labels of the model's outputs");
        Reference = new ModelReference(files.Name, files.Version, files.Digest());
    }

    public string Name => Reference.Name;
    public string Version => Reference.Version;

    /// <summary>"sha256:" of the sorted list of the files' SHA-256 sums, as sha256sum prints it.</summary>
    public string Digest => Reference.Digest;
    public ModelReference Reference { get; }
    public ModelTask Task { get; }
    public string Directory => Files.FullPath("");

    internal PackageFiles Files { get; }
    internal ModelLimits Limits { get; }
    internal ModelConfig Config { get; }
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

    /// <summary>Refuses the tasks that nothing here answers, saying what would tell one that something does.</summary>
    private ModelTask DetectTask()
    {
        ModelTask task = TaskDetection.Detect(Files, Config, Pooling);
        if (task is ModelTask.TextEmbedding or ModelTask.TokenClassification or ModelTask.ImageClassification or ModelTask.ImageEmbedding)
            return task;
        throw TaskDetection.UnknownHead(Config) is { } head
            ? Files.Reject("config.json", $"the architecture {head}", "an encoder, or one for token or image classification")
            : Files.Reject("tokenizer.json, vocab.txt and preprocessor_config.json", "none of them", "what prepares the model's input");
    }
}
