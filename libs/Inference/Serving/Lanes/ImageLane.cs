using Serverless.Imaging;
using Serverless.Inference.Images;
using Serverless.Inference.Serving.Batching;
using Serverless.Inference.Sessions;

namespace Serverless.Inference.Serving.Lanes;

/// <summary>
/// Batches images of many callers. An image costs the pixels that the model sees of it and shares runs with those of its size.
/// </summary>
internal sealed class ImageLane(ImageRunner runner, Batcher<ImageLane.Work> batcher) : IDisposable
{
    /// <summary>One image by its place in its request, and who takes its part of the output.</summary>
    internal readonly record struct Work(RgbImage Image, ImageSize Size, int Index, OutputRowHandler Take);

    public static ImageLane Open(
        ImageRunner runner,
        RuntimeOptions runtime,
        ServingOptions options,
        TimeProvider time,
        ModelMeter meter,
        Action<BatchOverrun> overran
    )
    {
        BatchLimits limits = options.LimitsFor("pixels", Math.Max(runtime.MaxBatchPixels, runner.FixedPixels), runner.FixedBatch);
        return new ImageLane(
            runner,
            new Batcher<Work>(
                limits,
                (work, faults, cancellationToken) => Run(runner, work, faults, cancellationToken),
                time,
                meter,
                overran
            )
        );
    }

    /// <summary>Calls take once for each image, in any order and on any thread, with its part of the output.</summary>
    public Task<ItemTimes> RunAsync(
        IReadOnlyList<RgbImage> images,
        OutputRowHandler take,
        RequestTerms terms,
        CancellationToken cancellationToken
    )
    {
        var items = new BatchItem<Work>[images.Count];
        for (int i = 0; i < items.Length; i++)
        {
            ImageSize size = SizeOf(images[i]);
            items[i] = new(
                new Work(images[i], size, i, take),
                new BatchKey(((long)size.Width << 32) | (uint)size.Height),
                (long)size.Width * size.Height
            );
        }
        return batcher.RunAsync(items, terms, cancellationToken);
    }

    public long QueuedCost => batcher.QueuedCost;

    public void Dispose() => batcher.Dispose();

    private ImageSize SizeOf(RgbImage image)
    {
        try
        {
            return runner.OutputSize(image);
        }
        catch (ArgumentException e)
        {
            throw new ServingException(ServingFault.InvalidInput, e.Message, e);
        }
    }

    private static RunTimes Run(
        ImageRunner runner,
        ReadOnlyMemory<Work> work,
        Memory<Exception?> faults,
        CancellationToken cancellationToken
    )
    {
        RgbImage[] images = new RgbImage[work.Length];
        for (int i = 0; i < images.Length; i++)
        {
            images[i] = work.Span[i].Image;
        }
        return runner.RunBatch(
            images,
            work.Span[0].Size,
            RowFaults.Catch(faults, (i, values, shape) => work.Span[i].Take(work.Span[i].Index, values, shape)),
            cancellationToken
        );
    }
}
