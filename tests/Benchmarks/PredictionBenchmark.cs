using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;
using Serverless.Embedded.Stack;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>What the prediction route costs beyond the model: HTTP against session.Run on the same graph and threads, taking turns.</summary>
internal sealed class PredictionBenchmark : IDisposable
{
    private const string Model = "entities";
    private const int Tokens = 64;
    private const int ShadowTurns = 10; // so many that what else the machine does meets both alike
    private const string BinaryHeader = "Inference-Header-Content-Length";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly string[] Inputs = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly LocalStack _stack;
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly InferenceSession _session;
    private readonly long[] _ids = [.. Enumerable.Range(0, Tokens).Select(i => (long)(100 + (i * 7 % 900)))];
    private readonly byte[] _json;
    private readonly byte[] _binary;
    private readonly int _binaryJsonLength;

    private PredictionBenchmark(LocalStack stack)
    {
        _stack = stack;
        _services = new ServiceCollection()
            .AddStorage(options => options.Azure.ConnectionString = stack.AzureConnectionString)
            .AddRegistry(options => options.CacheFolder = Path.Combine(stack.Options.DataDirectory, "bench-cache"))
            .BuildServiceProvider();
        _http = new HttpClient { BaseAddress = stack.FunctionsAddress, DefaultRequestHeaders = { { "x-functions-key", stack.FunctionsKey } } };
        using SessionOptions options = new() { EnableMemoryPattern = false };
        options.DisablePerSessionThreads(); // the pool of BareLimits' runtime: as many threads as the Functions app takes
        _session = new InferenceSession(Path.Combine(Checkout.SamplesModels, Model, "1", "onnx", "model.onnx"), options);
        string[] data = [string.Join(',', _ids), string.Join(',', Enumerable.Repeat(1, Tokens)), string.Join(',', Enumerable.Repeat(0, Tokens))];
        _json = Encoding.UTF8.GetBytes($$"""{"inputs":[{{string.Join(',', Inputs.Select((name, i) => $$"""{"name":"{{name}}","shape":[1,{{Tokens}}],"datatype":"INT64","data":[{{data[i]}}]}"""))}}]}""");
        byte[] head = Encoding.UTF8.GetBytes($$"""{"parameters":{"binary_data_output":true},"inputs":[{{string.Join(',', Inputs.Select(name => $$"""{"name":"{{name}}","shape":[1,{{Tokens}}],"datatype":"INT64","parameters":{"binary_data_size":{{Tokens * sizeof(long)}} } }"""))}}]}""");
        _binaryJsonLength = head.Length;
        _binary = [.. head, .. MemoryMarshal.AsBytes(Columns()[0].AsSpan()), .. MemoryMarshal.AsBytes(Columns()[1].AsSpan()), .. MemoryMarshal.AsBytes(Columns()[2].AsSpan())];
    }

    /// <summary>Has the sample model serve in prod, where nothing does yet.</summary>
    public static async Task<PredictionBenchmark> StartAsync(LocalStack stack, CancellationToken cancellation)
    {
        PredictionBenchmark benchmark = new(stack);
        ModelManifest manifest = await benchmark.RegisterAsync(Path.Combine(Checkout.SamplesModels, Model, "1"), cancellation);
        ModelAliases aliases = benchmark._services.GetRequiredService<ModelAliases>();
        if (await aliases.FindAsync("prod", Model, cancellation) is null)
            await aliases.MoveAsync("prod", Model, new AliasMove(manifest.Version, AliasExpectation.Nothing, "bench", "measured"), cancellation);
        return benchmark;
    }

    public async Task MeasureOverheadAsync(BenchReport report, int rounds, CancellationToken cancellation)
    {
        List<double> raw = [], json = [], binary = [];
        for (int i = -50; i < rounds; i++)
        {
            double bare = TimeRaw(), text = await TimeAsync(_json, null, cancellation), bytes = await TimeAsync(_binary, _binaryJsonLength, cancellation);
            if (i < 0) continue; // until both processes have compiled what they run
            raw.Add(bare);
            json.Add(text);
            binary.Add(bytes);
        }

        double limit = Percentile(raw, 0.5);
        foreach ((string what, List<double> times) in new[] { ("JSON", json), ("binary data", binary) })
            report.Add(new Measurement(
                $"Prediction over HTTP, {what}, p50 less session.Run p50", Percentile(times, 0.5) - limit, "ms", "lower", Aim: 0.5, Peer: "session.Run", PeerValue: limit, Ratio: Percentile(times, 0.5) / limit));
        report.Add(new Measurement("Prediction over HTTP, binary data, p99", Percentile(binary, 0.99), "ms", "lower"));
    }

    /// <summary>With and without a shadow that answers every request, by turns, at 50 requests a second.</summary>
    public async Task MeasureShadowAsync(BenchReport report, int requests, CancellationToken cancellation)
    {
        RolloutStore rollouts = new(_services.GetRequiredService<AzureObjectStore>(), TimeProvider.System);
        int second = await RegisterSecondAsync(cancellation);
        ModelAlias alias = (await _services.GetRequiredService<ModelAliases>().FindAsync("prod", Model, cancellation))!;
        List<double> without = [], with = [];
        for (int turn = 0; turn < ShadowTurns; turn++)
        {
            bool shadowed = turn % 2 == 1;
            RolloutRecord idle = RolloutRecord.Idle("prod", Model, alias.Version);
            await rollouts.UpdateAsync("prod", Model, _ => shadowed ? idle with { Shadow = new ShadowTap(second) } : idle, cancellation);
            await PaceAsync([], 100, cancellation); // the change is followed within 2 seconds
            await PaceAsync(shadowed ? with : without, 2 * requests / ShadowTurns, cancellation);
        }
        await rollouts.UpdateAsync("prod", Model, record => record?.Cleared(), cancellation);
        report.Add(new Measurement(
            "What a shadow adds to p99", Percentile(with, 0.99) - Percentile(without, 0.99), "ms", "lower", Aim: 1, Peer: "without", PeerValue: Percentile(without, 0.99), Ratio: Percentile(with, 0.99) / Percentile(without, 0.99)));
    }

    public void Dispose()
    {
        _services.Dispose();
        _session.Dispose();
        _http.Dispose();
    }

    /// <summary>The same weights with a line more in the README, which makes another version.</summary>
    private async Task<int> RegisterSecondAsync(CancellationToken cancellation)
    {
        string folder = Path.Combine(_stack.Options.DataDirectory, "bench-second"), source = Path.Combine(Checkout.SamplesModels, Model, "1");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
        await File.AppendAllTextAsync(Path.Combine(folder, "README.md"), "\n", cancellation);
        return (await RegisterAsync(folder, cancellation)).Version;
    }

    private async Task<ModelManifest> RegisterAsync(string folder, CancellationToken cancellation) =>
        (await _services.GetRequiredService<ModelRegistry>().RegisterAsync(folder, new Registration(Model, "bench"), cancellation)).Manifest;

    private async Task PaceAsync(List<double> times, int requests, CancellationToken cancellation)
    {
        using PeriodicTimer pace = new(Pace);
        for (int i = 0; i < requests && await pace.WaitForNextTickAsync(cancellation); i++)
            times.Add(await TimeAsync(_binary, _binaryJsonLength, cancellation));
    }

    private double TimeRaw()
    {
        long[][] columns = Columns();
        long startedAt = Stopwatch.GetTimestamp();
        OrtValue[] values = [.. columns.Select(column => OrtValue.CreateTensorValueFromMemory(column, [1, Tokens]))];
        using RunOptions options = new();
        using (IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, Inputs, values, _session.OutputNames))
            _ = outputs[0].GetTensorDataAsSpan<float>()[0];
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        foreach (OrtValue value in values) value.Dispose();
        return elapsed;
    }

    private async Task<double> TimeAsync(byte[] body, int? jsonLength, CancellationToken cancellation)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(jsonLength is null ? "application/json" : "application/octet-stream");
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v2/models/{Model}/infer") { Content = content };
        if (jsonLength is { } length) request.Headers.Add(BinaryHeader, length.ToString(CultureInfo.InvariantCulture));
        long startedAt = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = await _http.SendAsync(request, cancellation);
        await response.Content.ReadAsByteArrayAsync(cancellation);
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        return response.IsSuccessStatusCode ? elapsed : throw new StackException($"The prediction route answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    private long[][] Columns() => [_ids, [.. Enumerable.Repeat(1L, Tokens)], new long[Tokens]];

    private static double Percentile(List<double> values, double share) => values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * share));
}
