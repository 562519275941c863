using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.ML.OnnxRuntime;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>
/// What the prediction route costs beyond the model: HTTP against session.Run on the same graph, each from one blocking caller and with as
/// many threads for the model, taking turns of a few calls: what answers others does not run the model itself between two of its answers.
/// Requests are written once; answers are read to their end and not looked into.
/// </summary>
internal sealed class PredictionBenchmark : IDisposable
{
    private const int Tokens = 64;
    private const int Turn = 20;
    private const int ShadowTurns = 10; // so many that what else the machine does meets both alike
    private const string BinaryHeader = "Inference-Header-Content-Length";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private readonly LocalStack _stack;
    private readonly BenchModel _model;
    private readonly ServiceProvider _services;
    private readonly HttpClient _http;
    private readonly InferenceSession _session;
    private readonly string[] _inputs;
    private readonly byte[] _json;
    private readonly byte[] _binary;
    private readonly int _binaryJsonLength;

    private PredictionBenchmark(LocalStack stack, BenchModel model)
    {
        (_stack, _model) = (stack, model);
        _services = new ServiceCollection()
            .AddStorage(options => options.Azure.ConnectionString = stack.AzureConnectionString)
            .AddRegistry(options => options.CacheFolder = Path.Combine(stack.Options.DataDirectory, "bench-cache"))
            .BuildServiceProvider();
        _http = new HttpClient
        {
            BaseAddress = stack.FunctionsAddress,
            DefaultRequestHeaders = { { "x-functions-key", stack.FunctionsKey } },
        };
        _session = model.OpenSession(); // in the pool of this process: as many threads as the Functions app takes
        _inputs = [.. _session.InputNames];
        _json = Encoding.UTF8.GetBytes(
            $$"""{"inputs":[{{string.Join(',', _inputs.Select(name => $$"""{"name":"{{name}}","shape":[1,{{Tokens}}],"datatype":"INT64","data":[{{string.Join(',', Column(name))}}]}"""))}}]}"""
        );
        byte[] head = Encoding.UTF8.GetBytes(
            $$"""{"parameters":{"binary_data_output":true},"inputs":[{{string.Join(',', _inputs.Select(name => $$"""{"name":"{{name}}","shape":[1,{{Tokens}}],"datatype":"INT64","parameters":{"binary_data_size":{{Tokens * sizeof(long)}} } }"""))}}]}"""
        );
        _binaryJsonLength = head.Length;
        _binary = [.. head, .. _inputs.SelectMany(name => MemoryMarshal.AsBytes(Column(name).AsSpan()).ToArray())];
    }

    /// <summary>Has the model serve in prod, where nothing does yet.</summary>
    public static async Task<PredictionBenchmark> StartAsync(LocalStack stack, BenchModel model, CancellationToken cancellationToken)
    {
        PredictionBenchmark benchmark = new(stack, model);
        ModelManifest manifest = await benchmark.RegisterAsync(model.Folder, cancellationToken);
        ModelAliases aliases = benchmark._services.GetRequiredService<ModelAliases>();
        if (await aliases.FindAsync("prod", model.Name, cancellationToken) is null)
        {
            await aliases.MoveAsync(
                "prod",
                model.Name,
                new AliasMove(manifest.Version, AliasExpectation.Nothing, "bench", "measured"),
                cancellationToken
            );
        }
        return benchmark;
    }

    public void MeasureOverhead(BenchReport report, int rounds, CancellationToken cancellationToken)
    {
        List<double> raw = [],
            json = [],
            binary = [];
        (List<double> Times, Func<double> Call)[] ways =
        [
            (raw, TimeRaw),
            (json, () => Time(_json, null, cancellationToken)),
            (binary, () => Time(_binary, _binaryJsonLength, cancellationToken)),
        ];
        for (int turn = -3; turn * Turn < rounds; turn++)
        {
            foreach ((List<double> times, Func<double> call) in ways)
            {
                double[] taken = [.. Enumerable.Range(0, Turn).Select(_ => call())];
                if (turn >= 0)
                {
                    times.AddRange(taken); // not before both processes have compiled what they run
                }
            }
        }

        double limit = Percentile(raw, 0.5);
        foreach ((string what, List<double> times) in new[] { ("JSON", json), ("binary data", binary) })
        {
            double ours = Percentile(times, 0.5);
            report.Add(
                new Measurement(
                    $"{_model.Name} over HTTP, {what}, p50 less session.Run p50",
                    ours - limit,
                    "ms",
                    "lower",
                    Aim: 0.5,
                    Peer: "session.Run",
                    PeerValue: limit,
                    Ratio: ours / limit
                )
            );
            report.Add(
                new Measurement(
                    $"{_model.Name} over HTTP, {what}, share of session.Run p50",
                    (ours / limit) - 1,
                    "",
                    "lower",
                    Aim: _model.IsTiny ? null : 0.03
                )
            );
        }
        report.Add(new Measurement($"{_model.Name} over HTTP, binary data, p99", Percentile(binary, 0.99), "ms", "lower"));
    }

    /// <summary>With and without a shadow that answers every request, by turns, at 50 requests a second. Of a sample model.</summary>
    public async Task MeasureShadowAsync(BenchReport report, int requests, CancellationToken cancellationToken)
    {
        RolloutStore rollouts = new(_services.GetRequiredService<AzureObjectStore>(), TimeProvider.System);
        using PipelineClient client = new(_stack);
        int second = await SampleModels.RegisterAnotherAsync(
            client.Http,
            _model.Name,
            Path.Combine(_stack.Options.DataDirectory, "another"),
            cancellationToken
        );
        ModelAlias alias = (await _services.GetRequiredService<ModelAliases>().FindAsync("prod", _model.Name, cancellationToken))!;
        List<double> without = [],
            with = [];
        for (int turn = 0; turn < ShadowTurns; turn++)
        {
            bool shadowed = turn % 2 == 1;
            RolloutRecord idle = RolloutRecord.Idle("prod", _model.Name, alias.Version);
            await rollouts.UpdateAsync(
                "prod",
                _model.Name,
                _ => shadowed ? idle with { Shadow = new ShadowTap(second) } : idle,
                cancellationToken
            );
            await PaceAsync([], 100, cancellationToken); // the change is followed within 2 seconds
            await PaceAsync(shadowed ? with : without, 2 * requests / ShadowTurns, cancellationToken);
        }
        await rollouts.UpdateAsync("prod", _model.Name, record => record?.Cleared(), cancellationToken);
        report.Add(
            new Measurement(
                "What a shadow adds to p99",
                Percentile(with, 0.99) - Percentile(without, 0.99),
                "ms",
                "lower",
                Aim: 1,
                Peer: "without",
                PeerValue: Percentile(without, 0.99),
                Ratio: Percentile(with, 0.99) / Percentile(without, 0.99)
            )
        );
    }

    /// <summary>Milliseconds of session.Run in this process.</summary>
    public double TimeRun() => TimeRaw();

    /// <summary>Milliseconds of a request with binary tensors.</summary>
    public double TimeRequest(CancellationToken cancellationToken) => Time(_binary, _binaryJsonLength, cancellationToken);

    public void Dispose()
    {
        _services.Dispose();
        _session.Dispose();
        _http.Dispose();
    }

    private async Task<ModelManifest> RegisterAsync(string folder, CancellationToken cancellationToken) =>
        (
            await _services
                .GetRequiredService<ModelRegistry>()
                .RegisterAsync(folder, new Registration(_model.Name, "bench"), cancellationToken)
        ).Manifest;

    private async Task PaceAsync(List<double> times, int requests, CancellationToken cancellationToken)
    {
        using PeriodicTimer pace = new(Pace);
        for (int i = 0; i < requests && await pace.WaitForNextTickAsync(cancellationToken); i++)
        {
            times.Add(Time(_binary, _binaryJsonLength, cancellationToken));
        }
    }

    private double TimeRaw()
    {
        long[][] columns = [.. _inputs.Select(Column)];
        long startedAt = Stopwatch.GetTimestamp();
        OrtValue[] values = [.. columns.Select(column => OrtValue.CreateTensorValueFromMemory(column, [1, Tokens]))];
        using RunOptions options = new();
        using (IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, _inputs, values, _session.OutputNames))
        {
            _ = outputs[0].GetTensorDataAsSpan<float>()[0];
        }
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        foreach (OrtValue value in values)
        {
            value.Dispose();
        }
        return elapsed;
    }

    private double Time(byte[] body, int? jsonLength, CancellationToken cancellationToken)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(jsonLength is null ? "application/json" : "application/octet-stream");
        using HttpRequestMessage request = new(HttpMethod.Post, $"api/v2/models/{_model.Name}/infer") { Content = content };
        if (jsonLength is { } length)
        {
            request.Headers.Add(BinaryHeader, length.ToString(CultureInfo.InvariantCulture));
        }
        long startedAt = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = _http.Send(request, cancellationToken); // reads the answer to its end
        double elapsed = Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
        return response.IsSuccessStatusCode
            ? elapsed
            : throw new StackException(
                $"The prediction route answered {(int)response.StatusCode}: "
                    + $"{new StreamReader(response.Content.ReadAsStream(cancellationToken)).ReadToEnd()}"
            );
    }

    private static long[] Column(string input) =>
        input switch
        {
            "input_ids" => [.. Enumerable.Range(0, Tokens).Select(i => (long)(100 + (i * 7 % 900)))],
            "attention_mask" => [.. Enumerable.Repeat(1L, Tokens)],
            _ => new long[Tokens],
        };

    private static double Percentile(List<double> values, double share) =>
        values.Order().ElementAt((int)Math.Min(values.Count - 1, values.Count * share));
}
