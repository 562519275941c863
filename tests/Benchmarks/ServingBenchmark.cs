using System.Diagnostics;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Local.Stack;
using Serverless.Packages;

namespace Serverless.Benchmarks;

/// <summary>
/// A served model against loops over the same texts that do nothing else, in one process and with as many runs at a time, taking turns.
/// </summary>
internal sealed class ServingBenchmark : IDisposable
{
    private const int Callers = 256;
    private const int WarmUp = 128;

    /// <summary>What a loop without callers takes at a time; it sees more texts than are ever waiting in the served path.</summary>
    private const int OfflineChunk = 512;

    private static readonly ServingOptions Options = new();

    private readonly InferenceRuntime _runtime = new(new RuntimeOptions());
    private readonly TextEmbedder _embedder;
    private readonly ArrivalOrderLoop _arrivals;

    private ServingBenchmark(BenchModel model)
    {
        Model = model;
        _embedder = new TextEmbedder(_runtime, ModelPackage.Load(model.Folder, ModelLimits.Default));
        _arrivals = new ArrivalOrderLoop(model, _embedder);
    }

    public BenchModel Model { get; }

    public static ServingBenchmark Start(BenchModel model) => new(model);

    /// <summary>A server of this model alone.</summary>
    public ModelServer Serve(ServingOptions options) =>
        new(_runtime, (_, _) => Task.FromResult(Model.Folder), options, TimeProvider.System);

    /// <param name="texts">Of a turn.</param>
    public async Task MeasureThroughputAsync(BenchReport report, int texts, int turns, CancellationToken cancellationToken)
    {
        string[] mixed = BenchTexts.Mixed(texts * turns, _embedder.MaxTokens, seed: 20_260_102);
        await using ModelServer server = Serve(Options);
        using ModelLease lease = await server.AcquireAsync(new ModelVersion(Model.Name, 1), cancellationToken);
        Func<string[], Task>[] ways =
        [
            some => ServeAllAsync(lease.Model, some, cancellationToken),
            some => OfflineAsync(some, cancellationToken),
            some => _arrivals.RunAsync(some, Options.Runners, cancellationToken),
        ];
        Spent[] spent = new Spent[ways.Length];
        foreach (Func<string[], Task> way in ways)
        {
            // compiled, and memory taken
            await way(mixed[..WarmUp]);
        }
        foreach (string[] some in mixed.Chunk(texts))
        {
            for (int i = 0; i < ways.Length; i++)
            {
                spent[i] += await SpendAsync(() => ways[i](some));
            }
        }
        double served = mixed.Length / spent[0].Seconds,
            offline = mixed.Length / spent[1].Seconds,
            arrivals = mixed.Length / spent[2].Seconds;
        report.Add(
            new Measurement(
                $"{Model.Name}, saturated, share of an offline loop's texts",
                served / offline,
                "",
                "higher",
                Aim: Model.IsTiny ? 0.9 : 0.97
            )
        );
        report.Add(
            new Measurement(
                $"{Model.Name}, saturated, texts of mixed length",
                served,
                "texts/s",
                "higher",
                Peer: "offline loop, sorted by length",
                PeerValue: offline,
                Ratio: served / offline
            )
        );
        report.Add(
            new Measurement(
                $"{Model.Name}, saturated, processor time of a text beside the offline loop's",
                spent[0].Processor / spent[1].Processor,
                "times",
                "lower"
            )
        );
        report.Add(
            new Measurement(
                $"{Model.Name}, mixed lengths beside batches in order of arrival",
                served / arrivals,
                "times",
                "higher",
                Aim: Model.IsTiny ? null : 1.3
            )
        );
        report.Add(new Measurement($"{Model.Name}, batches in order of arrival, without a server", arrivals, "texts/s", "higher"));
    }

    public void Dispose()
    {
        _arrivals.Dispose();
        _embedder.Dispose();
        _runtime.Dispose();
    }

    /// <summary>Callers of one text each, of whom each asks again once answered.</summary>
    private static Task ServeAllAsync(ServedModel model, string[] texts, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            texts,
            new ParallelOptions { MaxDegreeOfParallelism = Callers, CancellationToken = cancellationToken },
            async (text, token) => await model.EmbedAsync([text], default, token)
        );

    private Task OfflineAsync(string[] texts, CancellationToken cancellationToken) =>
        BenchThreads.ForEachAsync(texts.Chunk(Math.Min(OfflineChunk, texts.Length / Options.Runners)), Options.Runners, chunk =>
            _embedder.Embed(chunk, cancellationToken)
        );

    /// <summary>On a machine with other work the processor time tells what the clock does not.</summary>
    private static async Task<Spent> SpendAsync(Func<Task> work)
    {
        long startedAt = Stopwatch.GetTimestamp();
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await work();
        return new Spent(Stopwatch.GetElapsedTime(startedAt).TotalSeconds, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    private readonly record struct Spent(double Seconds, double Processor)
    {
        public static Spent operator +(Spent a, Spent b) => new(a.Seconds + b.Seconds, a.Processor + b.Processor);
    }
}
