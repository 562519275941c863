using Serverless.Packages;
using Serverless.Packages.Onnx;

namespace Serverless.Inference.Images;

/// <summary>The one image input of a graph and the output that answers the task.</summary>
internal sealed record ImageSignature(string Input, bool Half, bool ChannelsLast, int? FixedBatch, OnnxValue Output)
{
    /// <summary>Told before the package's image processor is read, which may be one of sound.</summary>
    /// <exception cref="TaskMismatchException">The graph takes something else than images.</exception>
    public static void CheckInput(ModelGraph graph)
    {
        if (graph.Model.Inputs is not [var input])
        {
            throw graph.Mismatch($"the inputs {string.Join(", ", graph.Model.Inputs)}", "one image input");
        }
        if (input.Element is not (OnnxElement.Float or OnnxElement.Float16) || input.Rank != 4)
        {
            throw graph.Mismatch($"the input {input}", "Float or Float16 with 4 dimensions");
        }
    }

    public static ImageSignature Of(ModelGraph graph, ImageProcessing processing, ModelLimits limits, ReadOnlySpan<string> outputNames)
    {
        OnnxValue input = graph.Model.Inputs[0];
        long[] shape = input.Shape!;
        bool last = shape[1] != 3 && (shape[3] == 3 || (shape[1] < 0 && processing.ChannelsLast == true));
        (long channels, long height, long width) = last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        if (channels is not (3 or -1))
        {
            throw graph.Mismatch($"the input {input}", "3 channels, in the second or last dimension");
        }
        if (height > 0 || width > 0)
        {
            CheckSize(graph, input, processing, width, height);
        }
        return new ImageSignature(
            input.Name,
            input.Element == OnnxElement.Float16,
            last,
            graph.FixedSize(input, 0, limits.MaxBatch),
            graph.Output(outputNames)
        );
    }

    private static void CheckSize(ModelGraph graph, OnnxValue input, ImageProcessing processing, long width, long height)
    {
        if (processing.FixedSize is not { } size)
        {
            throw graph.Mismatch(
                $"the input {input}",
                "dynamic height and width, since preprocessor_config.json makes images of different sizes"
            );
        }
        if ((width > 0 && width != size.Width) || (height > 0 && height != size.Height))
        {
            throw graph.Reject($"the input {input}", $"{size} pixels, which preprocessor_config.json makes");
        }
    }
}
