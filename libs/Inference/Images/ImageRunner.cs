using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Serverless.Inference.Sessions;
using Serverless.Registry;

namespace Serverless.Inference.Images;

/// <summary>
/// Takes images through preprocessing and a model in batches: images that become the same size share runs of at most the pixel
/// budget. Thread-safe.
/// </summary>
internal sealed class ImageRunner
{
    private readonly ModelSession session;
    private readonly ImageSignature signature;
    private readonly ImagePreprocessor<float>? singles;
    private readonly ImagePreprocessor<Half>? halves;
    private readonly RuntimeOptions options;
    private readonly ParallelOptions parallel;
    private readonly int maxSide;

    public ImageRunner(InferenceRuntime runtime, ModelPackage package)
    {
        session = runtime.Open(package);
        signature = package.Image!;
        options = runtime.Options;
        parallel = new ParallelOptions { MaxDegreeOfParallelism = runtime.Threads };
        maxSide = package.Limits.MaxImageSide;
        InputSide = package.Processing!.InputSide;
        if (signature.Half)
            halves = new ImagePreprocessor<Half>(package.Processing!, signature.ChannelsLast);
        else
            singles = new ImagePreprocessor<float>(package.Processing!, signature.ChannelsLast);
    }

    public ModelReference Model => session.Model;

    public int InputSide { get; }

    /// <summary>Calls take once for each image, in any order, with its part of the output and the shape of that part.</summary>
    public void Run(IReadOnlyList<RgbImage> images, OutputRowHandler take, CancellationToken ct)
    {
        foreach (IGrouping<ImageSize, int> group in Enumerable.Range(0, images.Count).GroupBy(i => OutputSize(images[i])))
        {
            int pixels = group.Key.Width * group.Key.Height;
            int most = signature.FixedBatch ?? Math.Max(1, options.MaxBatchPixels / pixels);
            foreach (int[] batch in group.Chunk(most))
            {
                if (halves is not null)
                    RunBatch<Half, Float16>(halves, images, batch, group.Key, take, ct);
                else
                    RunBatch<float, float>(singles!, images, batch, group.Key, take, ct);
            }
        }
    }

    private ImageSize OutputSize(RgbImage image)
    {
        if (image.Width <= 0 || image.Height <= 0 || image.Rgb.Length != 3L * image.Width * image.Height)
            throw new ArgumentException($"An image of {image.Width}×{image.Height} has {image.Rgb.Length} bytes, not {3L * image.Width * image.Height}.", nameof(image));
        ImageSize size = halves?.OutputSize(image.Width, image.Height) ?? singles!.OutputSize(image.Width, image.Height);
        return size.Width <= maxSide && size.Height <= maxSide
            ? size
            : throw new ArgumentException($"An image of {image.Width}×{image.Height} becomes {size} for model {Model.Name}; at most {maxSide} a side are taken.", nameof(image));
    }

    private void RunBatch<T, TOrt>(ImagePreprocessor<T> preprocessor, IReadOnlyList<RgbImage> images, int[] batch, ImageSize size, OutputRowHandler take, CancellationToken ct)
        where T : unmanaged, System.Numerics.INumberBase<T>
        where TOrt : unmanaged
    {
        int rows = signature.FixedBatch ?? batch.Length, each = 3 * size.Width * size.Height;
        TOrt[] tensor = ArrayPool<TOrt>.Shared.Rent(rows * each);
        try
        {
            void Write(int i) => preprocessor.Write(images[batch[i]], MemoryMarshal.Cast<TOrt, T>(tensor.AsSpan(i * each, each)));
            if (batch.Length > 1)
                Parallel.For(0, batch.Length, parallel, Write);
            else
                Write(0);
            tensor.AsSpan(batch.Length * each, (rows - batch.Length) * each).Clear();

            long[] shape = signature.ChannelsLast ? [rows, size.Height, size.Width, 3] : [rows, 3, size.Height, size.Width];
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, tensor.AsMemory(0, rows * each), shape);
            using RunOutput output = session.Run([signature.Input], [input], signature.Output.Name, batch.Length, (long)rows * size.Width * size.Height, ct);
            output.ForEachRow(Model, rows, batch, take);
        }
        finally
        {
            ArrayPool<TOrt>.Shared.Return(tensor);
        }
    }
}
