using Serverless.Packages;
using Serverless.Packages.Onnx;

namespace Serverless.Inference;

/// <summary>
/// Which outputs answer a package's task. Asked twice: of what the graph declares when the package is read, and of what the first run
/// gave when the model is loaded, since a graph need not declare its shapes.
/// </summary>
internal static class TaskOutput
{
    /// <summary>The shape of one item's part of an output, as a run gave it.</summary>
    /// <exception cref="ModelRejectedException">It does not answer the task.</exception>
    public static void CheckGiven(ModelPackage package, ReadOnlySpan<long> item)
    {
        if (Lacking(package, item) is { } expected)
        {
            throw package.RejectOutput(item, expected);
        }
    }

    /// <exception cref="ModelRejectedException">No output of the shape that the graph declares answers the task.</exception>
    public static void CheckDeclared(ModelPackage package, OnnxValue output)
    {
        if (output.Shape is not { } shape)
        {
            return;
        }
        if (shape.Length < 2)
        {
            throw package.Graph.Mismatch($"the output {output}", "a batch, and values for each of its items");
        }
        if (Lacking(package, shape.AsSpan(1)) is { } expected)
        {
            // There are many heads of detectors; a wrong number of labels shows that files were mixed up.
            throw package.Task == ModelTask.ObjectDetection
                ? package.Graph.Mismatch($"the output {output}", expected)
                : package.Graph.Reject($"the output {output}", expected);
        }
    }

    /// <summary>
    /// What the task expects where it cannot read such an item, otherwise null; a negative dimension is one that is not known.
    /// </summary>
    private static string? Lacking(ModelPackage package, ReadOnlySpan<long> item)
    {
        int labels = package.Labels?.Count ?? 0;
        return package.Task switch
        {
            ModelTask.TokenClassification => item.Length == 2 && Fits(item[1], labels)
                ? null
                : $"{labels} values for each token, one for each label of config.json's id2label",
            ModelTask.TextClassification => Holds(item, labels)
                ? null
                : $"{labels} values for each text, one for each label of config.json's id2label",
            ModelTask.ImageClassification => Holds(item, labels)
                ? null
                : $"{labels} values for each image, one for each label of config.json's id2label",
            ModelTask.Reranking => Holds(item, 1) ? null : "one value for each pair",
            ModelTask.TextEmbedding => LackingInText(package, item),
            ModelTask.ImageEmbedding => item.Length is 1 or 3
            || (item.Length == 2 && (package.Config.HiddenSize is not { } size || Fits(item[1], size)))
                ? null
                : $"a vector, a vector of config.json's hidden_size ({package.Config.HiddenSize}) for each patch, or feature maps",
            ModelTask.ObjectDetection => item.Length == 2 && Fits(item[0], package.Head!.Cells) && Fits(item[1], package.Head.Width)
                ? null
                : package.Head!.Describe(),
            _ => null,
        };
    }

    private static string? LackingInText(ModelPackage package, ReadOnlySpan<long> item)
    {
        bool hasDense = package.Pooling?.HasDense == true;
        if (item.Length is not (1 or 2) || (item.Length == 2 && hasDense))
        {
            return hasDense
                ? "one vector, since the Dense module of modules.json must be part of the graph"
                : "one vector, or one for each token";
        }
        int? dimensions = item.Length == 1 ? package.Pooling?.Dimensions : package.Config.HiddenSize;
        return hasDense || dimensions is not { } expected || Fits(item[^1], expected)
            ? null
            : $"{expected} dimensions, by {(item.Length == 1 ? "1_Pooling/config.json" : "config.json's hidden_size")}";
    }

    private static bool Fits(long size, long expected) => size < 0 || size == expected;

    /// <summary>Whether an item of this shape may have so many values.</summary>
    private static bool Holds(ReadOnlySpan<long> item, long count)
    {
        long known = 1;
        bool isWhole = true;
        foreach (long size in item)
        {
            (known, isWhole) = size < 0 ? (known, false) : (known * size, isWhole);
        }
        return isWhole ? known == count : known != 0 && count % known == 0;
    }
}
