using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Serverless.Imaging;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference.Images;

/// <summary>
/// Takes images through preprocessing and a model in batches: images that become the same size share runs of at most the pixel
/// budget. Thread-safe. Dispose closes the model where no other has it open.
/// </summary>
internal sealed class ImageRunner : IDisposable
{
    private readonly SessionLease _lease;
    private readonly ImageSignature _signature;
    private readonly ImagePreprocessor<float>? _singles;
    private readonly ImagePreprocessor<Half>? _halves;
    private readonly RuntimeOptions _options;
    private readonly ParallelOptions _parallel;
    private readonly ImageProcessing _processing;
    private readonly int _maxSide;

    public ImageRunner(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken)
    {
        _lease = runtime.Open(package, cancellationToken);
        Model = package.Reference;
        _signature = package.Image!;
        _options = runtime.Options;
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = runtime.Threads };
        _processing = package.Processing!;
        _maxSide = package.Limits.MaxImageSide;
        InputSide = package.Processing!.InputSide;
        if (_signature.Half)
        {
            _halves = new ImagePreprocessor<Half>(_processing, _signature.ChannelsLast);
        }
        else
        {
            _singles = new ImagePreprocessor<float>(_processing, _signature.ChannelsLast);
        }
    }

    /// <summary>As this package names it: the session may have been opened by another of the same digest.</summary>
    public ModelReference Model { get; }

    public int? FixedBatch => _signature.FixedBatch;

    /// <summary>Of a run whose batch size the graph fixes; 0 where it does not.</summary>
    public int FixedPixels => (_signature.FixedBatch ?? 0) * (_processing.FixedSize is { } size ? size.Width * size.Height : 0);

    public void Dispose() => _lease.Dispose();

    public int InputSide { get; }

    /// <summary>Calls take once for each image, in any order, with its part of the output and the shape of that part.</summary>
    public void Run(IReadOnlyList<RgbImage> images, OutputRowHandler take, CancellationToken cancellationToken)
    {
        foreach (IGrouping<ImageSize, int> group in Enumerable.Range(0, images.Count).GroupBy(i => OutputSize(images[i])))
        {
            int pixels = group.Key.Width * group.Key.Height;
            int most = _signature.FixedBatch ?? Math.Max(1, _options.MaxBatchPixels / pixels);
            foreach (int[] batch in group.Chunk(most))
            {
                RunBatch(
                    [.. batch.Select(i => images[i])],
                    group.Key,
                    (row, values, shape) => take(batch[row], values, shape),
                    cancellationToken
                );
            }
        }
    }

    /// <summary>Runs images that all become this size at once; take gets the rows by their place.</summary>
    public RunTimes RunBatch(RgbImage[] images, ImageSize size, OutputRowHandler take, CancellationToken cancellationToken) =>
        _halves is not null
            ? RunBatch<Half, Float16>(_halves, images, size, take, cancellationToken)
            : RunBatch<float, float>(_singles!, images, size, take, cancellationToken);

    /// <summary>The size that the model sees of an image.</summary>
    /// <exception cref="ArgumentException">The image is larger than the model takes, or its bytes are not its pixels.</exception>
    public ImageSize OutputSize(RgbImage image)
    {
        if (image.Width <= 0 || image.Height <= 0 || image.Rgb.Length != 3L * image.Width * image.Height)
        {
            throw new ArgumentException(
                $"An image of {image.Width}×{image.Height} has {image.Rgb.Length} bytes, not {3L * image.Width * image.Height}.",
                nameof(image)
            );
        }
        ImageSize size = _halves?.OutputSize(image.Width, image.Height) ?? _singles!.OutputSize(image.Width, image.Height);
        return size.Width <= _maxSide && size.Height <= _maxSide
            ? size
            : throw new ArgumentException(
                $"An image of {image.Width}×{image.Height} becomes {size} for model {Model.Name}; at most {_maxSide} a side are taken.",
                nameof(image)
            );
    }

    private RunTimes RunBatch<T, TOrt>(
        ImagePreprocessor<T> preprocessor,
        RgbImage[] images,
        ImageSize size,
        OutputRowHandler take,
        CancellationToken cancellationToken
    )
        where T : unmanaged, System.Numerics.INumberBase<T>
        where TOrt : unmanaged
    {
        long start = Stopwatch.GetTimestamp();
        int rows = _signature.FixedBatch ?? images.Length,
            each = 3 * size.Width * size.Height;
        TOrt[] tensor = ArrayPool<TOrt>.Shared.Rent(rows * each);
        try
        {
            void Write(int i) => preprocessor.Write(images[i], MemoryMarshal.Cast<TOrt, T>(tensor.AsSpan(i * each, each)));
            if (images.Length > 1)
            {
                Parallel.For(0, images.Length, _parallel, Write);
            }
            else
            {
                Write(0);
            }
            tensor.AsSpan(images.Length * each, (rows - images.Length) * each).Clear();

            long[] shape = _signature.ChannelsLast ? [rows, size.Height, size.Width, 3] : [rows, 3, size.Height, size.Width];
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance,
                tensor.AsMemory(0, rows * each),
                shape
            );
            long filled = Stopwatch.GetTimestamp();
            using RunOutput output = _lease.Session.Run(
                [_signature.Input],
                [input],
                _signature.Output.Name,
                images.Length,
                (long)rows * size.Width * size.Height,
                cancellationToken
            );
            long ran = Stopwatch.GetTimestamp();
            output.ForEachRow(Model, rows, images.Length, take);
            return new RunTimes(
                Stopwatch.GetElapsedTime(start, filled),
                Stopwatch.GetElapsedTime(filled, ran),
                Stopwatch.GetElapsedTime(ran)
            );
        }
        finally
        {
            ArrayPool<TOrt>.Shared.Return(tensor);
        }
    }
}
