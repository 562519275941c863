using Serverless.Inference.Images;
using Serverless.Inference.Numerics;
using Serverless.Inference.Sessions;
using Serverless.Packages;

namespace Serverless.Inference;

/// <summary>
/// Turns images into vectors of length one. Of a model that answers with one vector for each patch the first (CLS) is taken unless
/// 1_Pooling/config.json says otherwise, of one that answers with feature maps the average. Thread-safe; Dispose closes the model where no
/// other has it open.
/// </summary>
public sealed class ImageEmbedder : IDisposable
{
    private readonly PoolingMode _mode;
    private readonly bool _channelsLast;

    /// <exception cref="ModelRejectedException">The model's task or output is another.</exception>
    public ImageEmbedder(InferenceRuntime runtime, ModelPackage package, CancellationToken cancellationToken = default)
    {
        package = package.For(ModelTask.ImageEmbedding);
        Runner = new ImageRunner(runtime, package, cancellationToken);
        _mode = package.Pooling?.Mode ?? PoolingMode.Cls;
        _channelsLast = package.Image!.ChannelsLast;
        long[] shape = LoadCheck.Run(package, Runner, cancellationToken);
        Dimensions = checked((int)(shape.Length == 3 && !_channelsLast ? shape[0] : shape[^1]));
    }

    public ModelReference Model => Runner.Model;

    /// <summary>Pixels of the shorter side below which pictures are enlarged for the model; 0 where it takes them as they are.</summary>
    public int InputSide => Runner.InputSide;

    public int Dimensions { get; }

    internal ImageRunner Runner { get; }

    public float[][] Embed(IReadOnlyList<RgbImage> images, CancellationToken cancellationToken)
    {
        var vectors = new float[images.Count][];
        Runner.Run(images, (item, values, shape) => vectors[item] = Vector(values, shape), cancellationToken);
        return vectors;
    }

    public void Dispose() => Runner.Dispose();

    /// <summary>Of one image's part of the output.</summary>
    internal float[] Vector(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        float[] vector = new float[Dimensions];
        if (shape.Length == 1)
        {
            values.CopyTo(vector);
        }
        else if (shape.Length == 2)
        {
            Pooling.Pool(_mode, values, vector);
        }
        else if (_channelsLast)
        {
            Pooling.Pool(PoolingMode.Mean, values, vector);
        }
        else
        {
            Pooling.Average(values, vector);
        }
        return Scores.TryNormalise(vector)
            ? vector
            : throw new ModelFaultException(Model, "an image's vector is not made of finite numbers");
    }
}
