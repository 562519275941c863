using Serverless.Packages.Onnx;

namespace Serverless.Packages;

/// <summary>Tells a package's task from the architecture that its exporter recorded and from the files that prepare its input.</summary>
public static class TaskDetection
{
    public static ModelTask Detect(PackageFiles files, ModelConfig? config)
    {
        if (config is null)
        {
            return ModelTask.Tensors;
        }
        if (config.ModelType == "clip" && ModelGraph.IsIn(files, ModelGraph.Texts) && ModelGraph.IsIn(files, ModelGraph.Images))
        {
            return ModelTask.TextImageEmbedding;
        }
        bool Is(string suffix) => config.Architectures.Any(a => a.Contains(suffix, StringComparison.Ordinal));

        if (Is("ForTokenClassification"))
        {
            return ModelTask.TokenClassification;
        }
        if (Is("ForImageClassification"))
        {
            return ModelTask.ImageClassification;
        }
        if (Is("ForObjectDetection") || config.ModelType == "yolox")
        {
            return ModelTask.ObjectDetection;
        }
        if (Is("ForSequenceClassification"))
        {
            // a cross-encoder has the one label by which it ranks
            return config.Labels is { Count: > 1 } ? ModelTask.TextClassification : ModelTask.Reranking;
        }
        if (!PoolingConfig.IsIn(files) && UnknownHead(config) is not null)
        {
            return ModelTask.Tensors;
        }
        if (files.Has("preprocessor_config.json"))
        {
            return config.Labels is null ? ModelTask.ImageEmbedding : ModelTask.ImageClassification;
        }
        return files.Has("tokenizer.json") || files.Has("vocab.txt") ? ModelTask.TextEmbedding : ModelTask.Tensors;
    }

    /// <summary>The first architecture with a head that no task here uses; an encoder, and what was trained as one, has none.</summary>
    public static string? UnknownHead(ModelConfig config) =>
        config.Architectures.FirstOrDefault(a =>
            a.Contains("For", StringComparison.Ordinal) && !a.Contains("ForMaskedLM", StringComparison.Ordinal)
        );
}
