using System.Diagnostics;
using Serverless.Inference;
using Serverless.Ingest.Analyzers;
using Serverless.Local.Stack;
using Serverless.Media.Images;

namespace Serverless.Benchmarks;

/// <summary>What the parts cost without the pipeline around them: libvips alone, models alone, ffmpeg alone.</summary>
internal sealed class BareLimits : IDisposable
{
    private readonly InferenceRuntime _runtime;
    private readonly ImageReader _reader = new(new ImageOptions());
    private readonly AnalysisOptions _options = new();

    public BareLimits()
    {
        InferenceOptions models = new() { ModelsRoot = Checkout.SamplesModels };
        _runtime = new InferenceRuntime(models);
        ModelSet set = ModelSet.Load(_runtime, models);
        Images = new ImageAnalyzer(
            set.ImageClassifier,
            set.ImageEmbedder,
            new TextAnalyzer(set.TextEmbedder, set.EntityRecognizer, _options),
            _options
        );
    }

    public ImageAnalyzer Images { get; }

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

    /// <summary>Seconds that the models take for these pictures, decoded before, in batches as gpu-batch makes them.</summary>
    public double InferenceSeconds(IReadOnlyList<byte[]> pictures, CancellationToken cancellationToken)
    {
        int batch = new BatchOptions().Frames;
        List<DecodedImage> decoded = [.. pictures.Select(Decode)];
        long startedAt = Stopwatch.GetTimestamp();
        foreach (DecodedImage[] some in decoded.Chunk(batch))
        {
            Images.Analyse([.. some.Select(image => new RgbImage(image.Rgb, image.Width, image.Height))], cancellationToken);
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

    public void Dispose() => _runtime.Dispose();

    private DecodedImage Decode(byte[] picture) => _reader.Decode(picture, _options.DecodePixels, Images.InputSide);
}
