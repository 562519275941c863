using System.Diagnostics;
using System.Globalization;
using System.Text;
using Serverless.Assets;
using Serverless.Assets.Documents;
using Serverless.Embedded.Stack;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>The whole running system, from an upload to its analysis document.</summary>
internal sealed class PipelineBenchmark : IAsyncDisposable
{
    private static readonly double ClockTicksPerSecond = 100; // USER_HZ of Linux on every platform that .NET runs on

    private readonly LocalStack _stack;
    private readonly PipelineClient _client;
    private readonly byte[] _image = File.ReadAllBytes(Path.Combine(Checkout.SamplesMedia, "sunset-over-the-bay.jpg"));
    private int _uploads;

    private PipelineBenchmark(LocalStack stack)
    {
        _stack = stack;
        _client = new PipelineClient(stack);
    }

    public static async Task<PipelineBenchmark> StartAsync(TimeProvider time, CancellationToken cancellation)
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "bench");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        StackOptions options = new() { DataDirectory = folder, Ports = StackPorts.Free() };
        return new PipelineBenchmark(await LocalStack.StartAsync(options, time, cancellation));
    }

    /// <summary>One upload at a time, seen by looking for the document every 2 ms.</summary>
    public async Task MeasureLatencyAsync(BenchReport report, int uploads, CancellationToken cancellation)
    {
        foreach ((string what, Func<byte[]> make) in new (string, Func<byte[]>)[] { ("short text", NextText), ("image", NextImage) })
        {
            for (int i = 0; i < 5; i++)
                await TimeOneAsync(make(), cancellation);
            List<double> milliseconds = [];
            for (int i = 0; i < uploads; i++)
                milliseconds.Add(await TimeOneAsync(make(), cancellation));
            milliseconds.Sort();
            report.Add(new Measurement($"Upload to analysis, {what}, p50", milliseconds[uploads / 2], "ms", "lower", Aim: 250));
            report.Add(new Measurement($"Upload to analysis, {what}, p99", milliseconds[(int)(uploads * 0.99)], "ms", "lower"));
        }
    }

    public async Task MeasureThroughputAsync(BenchReport report, int texts, int images, CancellationToken cancellation)
    {
        await MeasureThroughputAsync(report, "short texts", texts, NextText, cancellation);
        await MeasureThroughputAsync(report, "images", images, NextImage, cancellation);
    }

    /// <summary>Frames of one film a second, against ffmpeg alone decoding the same file with as many threads, taking turns.</summary>
    public async Task MeasureVideoAsync(BenchReport report, int rounds, CancellationToken cancellation)
    {
        string film = Path.Combine(Checkout.SamplesMedia, "match-day.mkv");
        double bare = double.MaxValue, ours = double.MaxValue, frames = 0;
        for (int i = 0; i < rounds; i++)
        {
            bare = Math.Min(bare, await DecodeAsync(film, cancellation));
            AnalysisDocument analysis = await AnalyseAsync(Differing(await File.ReadAllBytesAsync(film, cancellation)), cancellation);
            ours = Math.Min(ours, (analysis.Timings.TotalMilliseconds - analysis.Timings.QueueMilliseconds) / 1000);
            frames = analysis.Video!.DurationSeconds * analysis.Video.FrameRate;
        }
        report.Add(new Measurement("Video", frames / ours, "frames/s", "higher", Peer: "ffmpeg -f null", PeerValue: frames / bare, Ratio: bare / ours));
    }

    public void MeasureMemory(BenchReport report)
    {
        foreach (ChildProcess member in _stack.Members)
            report.Add(new Measurement($"Peak memory of {member.Name}", member.PeakMemoryBytes() / 1e6, "MB", "lower"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _stack.DisposeAsync();
    }

    private async Task MeasureThroughputAsync(BenchReport report, string what, int count, Func<byte[]> make, CancellationToken cancellation)
    {
        double cpuBefore = CpuSeconds(_stack.Functions.ProcessId);
        long startedAt = Stopwatch.GetTimestamp();
        List<AssetSource> sources = [];
        await Parallel.ForEachAsync(Enumerable.Range(0, count).Select(_ => make()).ToList(), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation }, async (content, ct) =>
        {
            AssetSource source = await PipelineClient.UploadAsync(_client.Azure, Name(), content, ct);
            lock (sources)
                sources.Add(source);
        });
        double inference = 0;
        foreach (AssetSource source in sources)
            inference += (await WaitAsync(source, TimeSpan.FromMilliseconds(50), cancellation)).Timings.InferenceMilliseconds / 1000;
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        double cpu = CpuSeconds(_stack.Functions.ProcessId) - cpuBefore;
        report.Add(new Measurement($"Throughput, {count} {what}", count / seconds, "assets/s", "higher"));
        report.Add(new Measurement($"CPU time of the Functions app per asset, {what}", cpu / count * 1000, "ms", "lower"));
        report.Add(new Measurement($"Inference stage per asset, {what} (wall clock, waits for a core included)", inference / count * 1000, "ms", "lower"));
    }

    private async Task<double> TimeOneAsync(byte[] content, CancellationToken cancellation)
    {
        long startedAt = Stopwatch.GetTimestamp();
        AssetSource source = await PipelineClient.UploadAsync(_client.Azure, Name(), content, cancellation);
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        while (await _client.Azure.FindAsync(path, cancellation) is null)
            await Task.Delay(2, cancellation);
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        await Task.Delay(100, cancellation); // idle again: the ledger and the index are written after the document
        return elapsed;
    }

    private async Task<AnalysisDocument> AnalyseAsync(byte[] content, CancellationToken cancellation) =>
        await WaitAsync(await PipelineClient.UploadAsync(_client.Azure, Name(), content, cancellation), TimeSpan.FromMilliseconds(20), cancellation);

    private async Task<AnalysisDocument> WaitAsync(AssetSource source, TimeSpan interval, CancellationToken cancellation)
    {
        string path = AssetLayout.Analysis(source.AssetId, source.VersionId);
        while (true)
        {
            if (await _client.Azure.ReadAsync(path, 64 << 20, cancellation) is { } content)
                return AssetsJson.Read<AnalysisDocument>(content.Data);
            await Task.Delay(interval, cancellation);
        }
    }

    private string Name() => $"bench/{Interlocked.Increment(ref _uploads)}";

    private byte[] NextText() => Encoding.UTF8.GetBytes(
        $"Report {Interlocked.Increment(ref _uploads)}: the harbour of Nordhaven reopened after the storm, said Maria Keller. Ferries to Port Alder sail again.");

    private byte[] NextImage() => Differing(_image);

    /// <summary>The same picture or film with other bytes behind its end, as if it were another.</summary>
    private byte[] Differing(byte[] content) => [.. content, .. BitConverter.GetBytes(Interlocked.Increment(ref _uploads))];

    private static async Task<double> DecodeAsync(string film, CancellationToken cancellation)
    {
        long startedAt = Stopwatch.GetTimestamp();
        using Process ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-nostdin", "-i", film, "-map", "0:v:0", "-f", "null", "-"]);
        await ffmpeg.WaitForExitAsync(cancellation);
        return Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
    }

    private static double CpuSeconds(int processId)
    {
        string[] fields = File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ClockTicksPerSecond;
    }
}
