using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Captures;
using Serverless.Drift;
using Serverless.Drift.Checks;
using Serverless.Drift.Summaries;
using Serverless.Local.Stack;
using Serverless.Storage;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// A check of a day of up to a million predictions with 50 features, a tenth of which has a vector of 384 dimensions: from captured lines
/// in a real store to the verdict, on one thread. The aims are those of a million predictions: 60 s and 500 MB.
/// </summary>
internal static class DriftBenchmark
{
    private const int Features = 50;
    private const int Dimensions = 384;
    private const int LinesOfFile = 5_000;
    private const int Hours = 24;
    private const double Megabyte = 1e6;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly DateTimeOffset Day = new(2030, 1, 2, 0, 0, 0, TimeSpan.Zero);

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("drift", TimeProvider.System, cancellationToken);
        await pipeline.Stack.StopProgramsAsync();
        using PipelineClient client = new(pipeline.Stack);
        foreach (int predictions in quick ? [10_000] : (int[])[10_000, 100_000, 1_000_000])
        {
            AnsiConsole.WriteLine($"Writing {predictions:N0} captures ...");
            string model = $"m{predictions}";
            await WriteAsync(client.Azure, model, predictions, cancellationToken);
            await MeasureAsync(report, client.Azure, model, predictions, cancellationToken);
        }
        await DiscrepancyBenchmark.RunAsync(report, quick, cancellationToken);
        await CaptureBenchmark.RunAsync(report, client.Azure, quick, cancellationToken);
    }

    private static async Task MeasureAsync(
        BenchReport report,
        IObjectStore store,
        string model,
        int predictions,
        CancellationToken cancellationToken
    )
    {
        GC.Collect();
        using CancellationTokenSource measured = new();
        Task<long> peak = WatchAsync(measured.Token);
        HourSummaries summaries = new(store, new CaptureReader(store, NullLogger<CaptureReader>.Instance), TimeProvider.System);
        DriftCheck check = new(
            new DriftStore(store, TimeProvider.System),
            new WindowReader(store, TimeProvider.System),
            new DriftLimits(),
            TimeProvider.System
        );
        long begun = Stopwatch.GetTimestamp();
        foreach (DateTimeOffset hour in new DriftWindow(Day, Day.AddHours(Hours)).Hours())
        {
            await summaries.UpdateAsync(model, 1, hour, cancellationToken);
        }
        double summarised = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        begun = Stopwatch.GetTimestamp();
        DriftWindow half = new(Day.AddHours(Hours / 2), Day.AddHours(Hours));
        DriftCheckRequest request = new(new DriftSubject("prod", model, 1), half, DriftReference.Previous, DriftLikeness.Any);
        DriftReport found = await check.RunAsync(request, validated: null, cancellationToken);
        double judged = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await measured.CancelAsync();
        string of = $"{predictions:N0} predictions";
        bool isAll = predictions == 1_000_000;
        report.Add(new Measurement($"Summarise and check {of}", summarised + judged, "s", "lower", isAll ? 60 : null));
        report.Add(new Measurement($"Compare two windows of {of}, {found.Streams} streams", judged, "s", "lower"));
        report.Add(new Measurement($"Memory at most, {of}", await peak / Megabyte, "MB", "lower", isAll ? 500 : null));
    }

    /// <summary>The largest working set until it is told to end.</summary>
    private static async Task<long> WatchAsync(CancellationToken end)
    {
        long most = 0;
        using Process self = Process.GetCurrentProcess();
        while (!end.IsCancellationRequested)
        {
            self.Refresh();
            most = Math.Max(most, self.WorkingSet64);
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
        }
        return most;
    }

    private static async Task WriteAsync(IObjectStore store, string model, int predictions, CancellationToken cancellationToken)
    {
        Random random = new(1);
        for (int hour = 0, written = 0, file = 0; hour < Hours; hour++)
        {
            int until = (int)((long)predictions * (hour + 1) / Hours);
            while (written < until)
            {
                int lines = Math.Min(LinesOfFile, until - written);
                DateTimeOffset time = Day.AddHours(hour).AddMinutes(30);
                string path = CapturePath.Make(model, 1, time, time, "bench", ++file).Path;
                using MemoryStream content = new(Pack(model, written, lines, time, random));
                await store.WriteAsync(path, content, WriteCondition.Always, "application/gzip", cancellationToken);
                written += lines;
            }
        }
    }

    private static byte[] Pack(string model, int first, int lines, DateTimeOffset time, Random random)
    {
        using MemoryStream content = new();
        using (GZipStream compressed = new(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int i = 0; i < lines; i++)
            {
                JsonSerializer.Serialize(compressed, RecordOf(model, first + i, time, random), Json);
                compressed.Write("\n"u8);
            }
        }
        return content.ToArray();
    }

    private static CaptureRecord RecordOf(string model, int i, DateTimeOffset time, Random random) =>
        new()
        {
            Kind = CaptureKind.Prediction,
            PredictionId = PredictionId.Create(model, 1, "prod", "stable", time).ToString(),
            Time = time,
            Model = model,
            Version = 1,
            Environment = "prod",
            Arm = "stable",
            Status = 200,
            Times = new CaptureTimes(0.1, 0.2, 0.3, random.NextDouble() * 5, 0.1),
            Input = new InputSummary(
                "text",
                1,
                100,
                i % 3 == 0 ? "de" : "en",
                Enumerable.Range(0, Features).ToDictionary(k => $"feature{k}", _ => Math.Round(random.NextDouble(), 4))
            ),
            Output = new OutputSummary(
                "embed",
                null,
                null,
                [],
                1,
                Valid: true,
                new EmbeddingSummary(
                    Dimensions,
                    0,
                    0.05,
                    1,
                    i % 10 == 0 ? [.. Enumerable.Range(0, Dimensions).Select(_ => MathF.Round(random.NextSingle() - 0.5f, 5))] : null
                )
            ),
        };
}
