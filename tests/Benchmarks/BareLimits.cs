using System.Diagnostics;
using Serverless.Inference;
using Serverless.Ingest.Analyzers;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Media.Images;
using Serverless.Packages;

namespace Serverless.Benchmarks;

/// <summary>What the parts cost without the pipeline around them: libvips alone, models alone, ffmpeg alone.</summary>
internal sealed class BareLimits : IDisposable
{
    private readonly InferenceRuntime _runtime;
    private readonly ImageReader _reader = new(new ImageOptions());
    private readonly AnalysisOptions _options = new();

    private readonly ImageClassifier _labels;
    private readonly ImageEmbedder _images;
    private readonly ObjectDetector _things;
    private readonly TextEmbedder _texts;

    public BareLimits()
    {
        _runtime = new InferenceRuntime(new RuntimeOptions());
        _labels = new ImageClassifier(_runtime, Load("image-labels"));
        _images = new ImageEmbedder(_runtime, LoadFor("imageEmbedding", "image-embedding"));
        _things = new ObjectDetector(_runtime, Load("things"));
        _texts = new TextEmbedder(_runtime, LoadFor("textEmbedding", "text-embedding"));
    }

    /// <summary>Pixels of the shorter side that the models look at.</summary>
    public int InputSide => new[] { _labels.InputSide, _images.InputSide, _things.InputSide }.Max();

    /// <summary>Processor milliseconds of libvips for one picture, decoded to the size that the pipeline asks for, on one thread.</summary>
    /// <param name="inputSide">What the models look at.</param>
    public double DecodeMilliseconds(byte[] picture, int inputSide, int times)
    {
        for (int i = 0; i < times / 4; i++)
        {
            _reader.Decode(picture, _options.DecodePixels, inputSide).Dispose();
        }
        TimeSpan before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < times; i++)
        {
            _reader.Decode(picture, _options.DecodePixels, inputSide).Dispose();
        }
        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / times;
    }

    /// <summary>Seconds that the models take for these pictures, decoded before, in batches of 32.</summary>
    public double InferenceSeconds(IReadOnlyList<byte[]> pictures, CancellationToken cancellationToken)
    {
        const int batch = 32;
        List<DecodedImage> decoded = [.. pictures.Select(Decode)];
        long startedAt = Stopwatch.GetTimestamp();
        foreach (DecodedImage[] some in decoded.Chunk(batch))
        {
            RgbImage[] pixels = [.. some.Select(image => new RgbImage(image.Rgb, image.Width, image.Height))];
            IReadOnlyList<IReadOnlyList<LabelScore>> labels = _labels.Classify(pixels, _options.Labels, cancellationToken);
            _images.Embed(pixels, cancellationToken);
            _things.Detect(pixels, null, cancellationToken);
            _texts.Embed([.. labels.Select(scores => scores[0].Label)], cancellationToken);
        }
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        decoded.ForEach(image => image.Dispose());
        return seconds;
    }

    /// <summary>Seconds that ffmpeg alone takes to decode a film, with as many threads as the pipeline gives it.</summary>
    public static async Task<double> FilmSecondsAsync(string film, CancellationToken cancellationToken)
    {
        long startedAt = Stopwatch.GetTimestamp();
        string threads = $"{new Media.Video.VideoOptions().DecoderThreads}";
        using Process ffmpeg = Process.Start(
            "ffmpeg",
            ["-v", "error", "-nostdin", "-threads", threads, "-i", film, "-map", "0:v:0", "-f", "null", "-"]
        );
        await ffmpeg.WaitForExitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
    }

    public void Dispose()
    {
        _labels.Dispose();
        _images.Dispose();
        _things.Dispose();
        _texts.Dispose();
        _runtime.Dispose();
    }

    private DecodedImage Decode(byte[] picture) => _reader.Decode(picture, _options.DecodePixels, InputSide);

    /// <summary>As a stack that is measured chooses it.</summary>
    private static ModelPackage LoadFor(string role, string sample) =>
        FetchedModel.FindFor(role) is { } fetched ? ModelPackage.Load(fetched.Folder, ModelLimits.Default) : Load(sample);

    private static ModelPackage Load(string name) =>
        ModelPackage.Load(Path.Combine(Checkout.SamplesModels, name, "1"), ModelLimits.Default);
}
