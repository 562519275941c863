using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Local.Stack.Processes;

namespace Serverless.Benchmarks;

/// <summary>The whole running system, from an upload to its analysis document.</summary>
internal sealed class PipelineBenchmark : IAsyncDisposable
{
    private const int Uploaders = 8;

    private readonly LocalStack _stack;
    private readonly PipelineClient _client;

    private PipelineBenchmark(LocalStack stack)
    {
        _stack = stack;
        _client = new PipelineClient(stack);
        Uploads = new PipelineUploads(_client);
    }

    public PipelineUploads Uploads { get; }

    public LocalStack Stack => _stack;

    /// <param name="settings">For its programs, beyond the stack's own.</param>
    /// <param name="models">Folders to register; null for the samples, and in their roles the fetched models where there are any.</param>
    public static async Task<PipelineBenchmark> StartAsync(
        string name,
        TimeProvider time,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? settings = null,
        IReadOnlyDictionary<string, string>? models = null
    )
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", name);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        StackOptions options = new()
        {
            DataDirectory = folder,
            Ports = StackPorts.Free(),
            Models = models ?? SampleModels.Folders,
            Settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>())
            {
                [ChangeDrill.Setting.Key] = ChangeDrill.Setting.Value,
            },
        };
        StackOptions measured = models is null ? FetchedRoles.AddTo(options) : options;
        return new PipelineBenchmark(await LocalStack.StartAsync(measured, time, cancellationToken));
    }

    /// <summary>One upload at a time.</summary>
    public async Task MeasureLatencyAsync(BenchReport report, int uploads, CancellationToken cancellationToken)
    {
        foreach (
            (string what, Func<byte[]> make) in new (string, Func<byte[]>)[]
            {
                ("short text", Uploads.NextText),
                ("image", Uploads.NextImage),
            }
        )
        {
            for (int i = 0; i < 5; i++)
            {
                await Uploads.TimeAsync(make(), cancellationToken);
            }
            List<double> milliseconds = [];
            for (int i = 0; i < uploads; i++)
            {
                milliseconds.Add(await Uploads.TimeAsync(make(), cancellationToken));
            }
            milliseconds.Sort();
            report.Add(new Measurement($"Upload to analysis, {what}, p50", milliseconds[uploads / 2], "ms", "lower", Aim: 250));
            report.Add(new Measurement($"Upload to analysis, {what}, p99", milliseconds[(int)(uploads * 0.99)], "ms", "lower"));
        }
    }

    public async Task MeasureTextsAsync(BenchReport report, int count, CancellationToken cancellationToken)
    {
        ProcessorUse use = await MeasureThroughputAsync(report, "short texts", count, Uploads.NextText, cancellationToken);
        report.Add(new Measurement("Processor time of a short text", use.Process * 1000 / count, "ms", "lower"));
        report.Add(new Measurement("of it inside session.Run", use.Models * 1000 / count, "ms", "lower"));
    }

    /// <summary>What is neither inference nor decoding, which no pipeline can spare, is our own.</summary>
    /// <param name="models">Which the stack runs: the smaller they are, the more weighs all else.</param>
    /// <param name="inputSide">What these models look at, to which the picture is decoded.</param>
    public async Task MeasureImagesAsync(
        BenchReport report,
        BareLimits limits,
        string models,
        int inputSide,
        int count,
        CancellationToken cancellationToken
    )
    {
        ProcessorUse use = await MeasureThroughputAsync(report, $"images, {models}", count, Uploads.NextImage, cancellationToken);
        double all = use.Process * 1000 / count,
            run = use.Models * 1000 / count,
            decode = limits.DecodeMilliseconds(Uploads.Image, inputSide, times: 100);
        report.Add(new Measurement($"Processor time of an image, {models}", all, "ms", "lower"));
        report.Add(new Measurement("of it inside session.Run", run, "ms", "lower"));
        report.Add(new Measurement("of it decoding (bare libvips, same file and size, by itself)", decode, "ms", "lower"));
        report.Add(new Measurement($"Overhead, share outside session.Run, {models}", 1 - run / all, "", "lower", Aim: 0.15));
        report.Add(new Measurement("Overhead, share outside session.Run and bare decoding", 1 - (run + decode) / all, "", "lower"));
    }

    public void MeasureMemory(BenchReport report)
    {
        foreach (ChildProcess member in _stack.Members)
        {
            report.Add(new Measurement($"Peak memory of {member.Name}", member.PeakMemoryBytes() / 1e6, "MB", "lower"));
        }
    }

    /// <summary>From nothing running to everything answering, over the data that is there.</summary>
    public async Task MeasureStartAsync(BenchReport report, TimeProvider time, CancellationToken cancellationToken)
    {
        await DisposeAsync();
        long startedAt = Stopwatch.GetTimestamp();
        await using LocalStack again = await LocalStack.StartAsync(_stack.Options, time, cancellationToken);
        report.Add(
            new Measurement(
                "Second start, until everything answers",
                Stopwatch.GetElapsedTime(startedAt).TotalSeconds,
                "s",
                "lower",
                Aim: 5
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _stack.DisposeAsync();
    }

    private async Task<ProcessorUse> MeasureThroughputAsync(
        BenchReport report,
        string what,
        int count,
        Func<byte[]> make,
        CancellationToken cancellationToken
    )
    {
        ProcessorUse before = await ReadUseAsync(cancellationToken);
        long startedAt = Stopwatch.GetTimestamp();
        ConcurrentBag<AssetSource> sources = [];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Uploaders, CancellationToken = cancellationToken },
            async (_, token) => sources.Add(await Uploads.UploadAsync(make(), token))
        );
        foreach (AssetSource source in sources)
        {
            await Uploads.WaitAsync(source, TimeSpan.FromMilliseconds(50), cancellationToken);
        }
        double seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
        await WaitUntilSettledAsync(cancellationToken);
        ProcessorUse after = await ReadUseAsync(cancellationToken);
        report.Add(new Measurement($"Throughput, {count} {what}", count / seconds, "assets/s", "higher"));
        return new ProcessorUse(after.Process - before.Process, after.Models - before.Models);
    }

    /// <summary>The ledger and the index are written after the documents.</summary>
    private async Task WaitUntilSettledAsync(CancellationToken cancellationToken)
    {
        while ((await _client.FetchSummaryAsync(cancellationToken)).Total.Missing > 0)
        {
            await Task.Delay(200, cancellationToken);
        }
    }

    private sealed record ProcessorUse(double Process, double Models);

    /// <summary>Seconds of the Functions app, by its own health answer.</summary>
    private async Task<ProcessorUse> ReadUseAsync(CancellationToken cancellationToken) =>
        (await _client.Http.GetFromJsonAsync<JsonElement>("health", cancellationToken))
            .GetProperty("processor")
            .Deserialize<ProcessorUse>(JsonSerializerOptions.Web)!;
}
