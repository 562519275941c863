using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;
using Serverless.Captures;
using Serverless.Serving.Work;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>
/// Processor time of capturing a prediction, from its description to its compressed line in the store, beside one run of a small encoder
/// (6 layers of 384, 64 tokens) on one thread; both by turns in this process.
/// </summary>
internal static class CaptureBenchmark
{
    private const int Tokens = 64;
    private const int Words = 50;
    private const int Dimensions = 384;
    private const int RunsOfTurn = 20;
    private const int CapturesOfTurn = 4_000;

    public static async Task RunAsync(BenchReport report, IObjectStore store, bool quick, CancellationToken cancellationToken)
    {
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        string graph = Directory.EnumerateFiles(BenchModel.Encoder().Folder, "model.onnx", SearchOption.AllDirectories).Single();
        using InferenceSession session = new(graph, options);
        using CaptureWriter writer = new(store, new CaptureOptions(), TimeProvider.System, NullLogger<CaptureWriter>.Instance);
        await writer.StartAsync(cancellationToken);
        Random random = new(1);
        double infer = 0,
            capture = 0;
        int turns = quick ? 1 : 10;
        for (int turn = -1; turn < turns; turn++)
        {
            double run = Spent(() => Run(session)) / RunsOfTurn;
            double captured = await SpentAsync(() => CaptureAsync(writer, random, cancellationToken)) / CapturesOfTurn;
            (infer, capture) = turn < 0 ? (0, 0) : (infer + (run / turns), capture + (captured / turns)); // not before all is compiled
        }
        await writer.StopAsync(cancellationToken);
        report.Add(
            new Measurement(
                "Capture of a prediction, processor time",
                capture,
                "µs",
                "lower",
                Aim: infer / 100,
                Peer: "1 run of a small encoder, one thread",
                PeerValue: infer,
                Ratio: capture / infer
            )
        );
    }

    private static void Run(InferenceSession session)
    {
        long[] ids = [.. Enumerable.Range(0, Tokens).Select(i => 5L + i)],
            ones = [.. Enumerable.Repeat(1L, Tokens)];
        using OrtValue tokens = OrtValue.CreateTensorValueFromMemory(ids, [1, Tokens]),
            mask = OrtValue.CreateTensorValueFromMemory(ones, [1, Tokens]),
            types = OrtValue.CreateTensorValueFromMemory(new long[Tokens], [1, Tokens]);
        OrtValue[] values =
        [
            .. session.InputNames.Select(name =>
                name.Contains("mask", StringComparison.Ordinal) ? mask
                : name.Contains("type", StringComparison.Ordinal) ? types
                : tokens
            ),
        ];
        using RunOptions options = new();
        for (int i = 0; i < RunsOfTurn; i++)
        {
            using IDisposableReadOnlyCollection<OrtValue> answer = session.Run(options, session.InputNames, values, session.OutputNames);
        }
    }

    /// <summary>As the predictor does once the caller has its answer.</summary>
    private static async Task CaptureAsync(CaptureWriter writer, Random random, CancellationToken cancellationToken)
    {
        CaptureOptions options = new();
        float[] vector = [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        for (int i = 0; i < CapturesOfTurn; i++)
        {
            string text = string.Join(' ', Enumerable.Range(0, Words).Select(_ => random.Next(100_000)));
            using TextWork work = new([text], top: 5, language: "en");
            PredictionId id = PredictionId.Create("bench", 1, "prod", "stable", TimeProvider.System.GetUtcNow());
            CaptureRecord record = new()
            {
                Kind = CaptureKind.Prediction,
                PredictionId = id.ToString(),
                Time = TimeProvider.System.GetUtcNow(),
                Model = id.Model,
                Version = id.Version,
                Environment = id.Environment,
                Arm = id.Arm,
                Status = 200,
                Times = new CaptureTimes(0.1, 0.2, 0.3, 4, 0.5),
                Input = work.Describe(options),
                Output = new OutputView("embed", [], [vector], 1).Summarise(writer.TakesVector(id)),
            };
            writer.TryWrite(record);
        }
        await writer.FlushAsync(cancellationToken);
    }

    private static double Spent(Action work)
    {
        double before = Microseconds();
        work();
        return Microseconds() - before;
    }

    private static async Task<double> SpentAsync(Func<Task> work)
    {
        double before = Microseconds();
        await work();
        return Microseconds() - before;
    }

    private static double Microseconds()
    {
        using Process self = Process.GetCurrentProcess();
        return self.TotalProcessorTime.TotalMicroseconds;
    }
}
