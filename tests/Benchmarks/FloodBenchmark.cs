using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;

namespace Serverless.Benchmarks;

/// <summary>
/// What operators and callers in a hurry notice while ten times as many predictions arrive as can be answered. The flood is of pictures of
/// twelve megapixels, the dearest call there is; it, its senders and the pipeline share the machine.
/// </summary>
internal sealed class FloodBenchmark : IDisposable
{
    private const string Flooded = "things";
    private const string Hurried = "entities";
    private const int Closed = 8;
    private const double Times = 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromMilliseconds(500);

    /// <summary>For the way to the host and back, which a deadline does not count.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(100);

    private static readonly string[] Controls =
    [
        "v2/health/ready",
        "console",
        "assets?limit=20",
        "ingest/summary",
        "runs?limit=20",
        "models",
        "promotions?limit=20",
    ];

    private readonly PipelineClient _client;
    private readonly byte[] _picture;

    private FloodBenchmark(PipelineClient client, byte[] picture) => (_client, _picture) = (client, picture);

    public static async Task MeasureAsync(BenchReport report, LocalStack stack, TimeSpan lasts, CancellationToken cancellationToken)
    {
        using FloodBenchmark flood = new(new PipelineClient(stack), await EnlargeAsync("washed-ashore.jpg", cancellationToken));
        double capacity = await flood.CapacityAsync(lasts, cancellationToken);
        report.Add(new Measurement("Flood: pictures of 12 megapixels, what is answered at most", capacity, "/s", "higher"));
        _ = await flood.RunAsync(capacity * Times, lasts, cancellationToken); // what is done for the first time is compiled first
        Add(report, await flood.RunAsync(capacity * Times, lasts, cancellationToken), lasts);
    }

    public void Dispose() => _client.Dispose();

    private async Task<Seen> RunAsync(double rate, TimeSpan lasts, CancellationToken cancellationToken)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(lasts);
        Task<LoadReport> flood = Load(_ => Picture(), rate, seed: 1).RunAsync(end.Token);
        Task<LoadReport> reads = Load(n => new HttpRequestMessage(HttpMethod.Get, Controls[n % Controls.Length]), 10, 2)
            .RunAsync(end.Token);
        Task<LoadReport> moves = Load(_ => Move(), 2, seed: 3).RunAsync(end.Token);
        Task<LoadReport> hurried = Load(_ => Hurry(), 10, seed: 4).RunAsync(end.Token);
        return new Seen(await flood, await reads, await moves, await hurried);
    }

    private static void Add(BenchReport report, Seen seen, TimeSpan lasts)
    {
        Add("calls at 10 × that, answered", seen.Flood.Samples.Count(s => s.Succeeded) / lasts.TotalSeconds, "/s", null);
        Add("of them refused with 429", seen.Flood.Samples.Count(s => s.Status == 429) / lasts.TotalSeconds, "/s", null);
        Add("of them ended otherwise", seen.Flood.Samples.Count(s => !s.Succeeded && s.Status != 429), "", 0);
        foreach ((string what, LoadReport control) in new[] { ("lists, health and console", seen.Reads), ("an alias moved", seen.Moves) })
        {
            Add($"{what}, p50", control.Latency(0.5).TotalMilliseconds, "ms", null);
            Add($"{what}, p99", control.Latency(0.99).TotalMilliseconds, "ms", 500);
            Add($"{what}, failed", control.Failures.Count(), "", 0);
        }
        LoadReport urgent = seen.Hurried;
        Add("calls with a deadline of 500 ms, answered", 100.0 * urgent.Samples.Count(s => s.Succeeded) / urgent.Samples.Count, "%", null);
        Add("of them told too late", urgent.Samples.Count(s => s.Latency > Deadline + Way), "", 0);

        void Add(string what, double value, string unit, double? aim) =>
            report.Add(new Measurement($"Flood: {what}", value, unit, "lower", aim));
    }

    /// <summary>As many as are answered of a few callers who each wait for their answer.</summary>
    private async Task<double> CapacityAsync(TimeSpan lasts, CancellationToken cancellationToken)
    {
        using HttpResponseMessage first = await _client.Http.SendAsync(Picture(), cancellationToken); // loads the model
        first.EnsureSuccessStatusCode();
        int answered = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            Enumerable
                .Range(0, Closed)
                .Select(async _ =>
                {
                    while (Stopwatch.GetElapsedTime(start) < lasts)
                    {
                        using HttpResponseMessage response = await _client.Http.SendAsync(Picture(), cancellationToken);
                        response.EnsureSuccessStatusCode();
                        Interlocked.Increment(ref answered);
                    }
                })
        );
        return answered / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<byte[]> EnlargeAsync(string sample, CancellationToken cancellationToken)
    {
        string[] arguments = ["-v", "error", "-nostdin", "-i", Path.Combine(Checkout.SamplesMedia, sample), "-vf", "scale=4000:3000"];
        ProcessStartInfo start = new("ffmpeg", [.. arguments, "-f", "mjpeg", "-q:v", "4", "-"]) { RedirectStandardOutput = true };
        using Process ffmpeg = Process.Start(start)!;
        using MemoryStream picture = new();
        await ffmpeg.StandardOutput.BaseStream.CopyToAsync(picture, cancellationToken);
        await ffmpeg.WaitForExitAsync(cancellationToken);
        return ffmpeg.ExitCode == 0 ? picture.ToArray() : throw new StackException($"ffmpeg could not enlarge {sample}.");
    }

    private PoissonLoad Load(Func<int, HttpRequestMessage> request, double rate, int seed) =>
        new(_client.Http, request, rate, TimeSpan.Zero, seed, TimeProvider.System);

    private HttpRequestMessage Picture()
    {
        ByteArrayContent content = new(_picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
        return new HttpRequestMessage(HttpMethod.Post, $"predict/{Flooded}") { Content = content };
    }

    private static HttpRequestMessage Hurry()
    {
        HttpRequestMessage request = new(HttpMethod.Post, $"predict/{Hurried}")
        {
            Content = JsonContent.Create(new { text = "Storm over Rotterdam, says Ana López of the harbour office." }),
        };
        request.Headers.Add("X-Deadline-Ms", $"{Deadline.TotalMilliseconds:0}");
        return request;
    }

    private static HttpRequestMessage Move()
    {
        HttpRequestMessage request = new(HttpMethod.Put, $"models/{Hurried}/aliases/dev")
        {
            Content = JsonContent.Create(new { version = 1, why = "a benchmark" }),
        };
        request.Headers.Add("X-Requested-By", "benchmark");
        request.Headers.Add("If-Match", "*");
        return request;
    }

    private sealed record Seen(LoadReport Flood, LoadReport Reads, LoadReport Moves, LoadReport Hurried);
}
