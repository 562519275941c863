using System.CommandLine;
using Serverless.Benchmarks;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Processes;
using Serverless.Packages;
using Spectre.Console;

Option<bool> quick = new("--quick") { Description = "A few seconds of everything, to see that it runs; the numbers mean little" };
Option<bool> film = new("--film") { Description = "Only a film of two hours and two gigabytes, made first; writes artifacts/film.json" };
Option<bool> traffic = new("--traffic") { Description = "Only traffic under change; writes artifacts/traffic.json" };
Option<bool> predictions = new("--predictions") { Description = "Only predictions; writes artifacts/predictions.json" };
Option<bool> images = new("--images") { Description = "Only images, right after a start; writes artifacts/images.json" };
Option<bool> durable = new("--durable") { Description = "Only the Durable storage providers; writes artifacts/durable.json" };
Option<bool> host = new("--host")
{
    Description = "Only the Functions host: shares of a request, triggers, starts; writes artifacts/host.json",
};
Option<bool> flood = new("--flood") { Description = "Only what operators notice of too many predictions; writes artifacts/flood.json" };
Option<bool> assets = new("--assets") { Description = "Only lists and counts of 20,000 assets; writes artifacts/assets.json" };
Option<bool> runs = new("--runs") { Description = "Only the index of 100,000 runs; writes artifacts/runs.json" };
Option<bool> vectors = new("--vectors")
{
    Description = "Only nearest neighbours among up to a million vectors; writes artifacts/vectors.json",
};
Option<bool> filters = new("--filters") { Description = "Only searches of vectors through filters; writes artifacts/filters.json" };
Option<bool> drift = new("--drift") { Description = "Only checks of up to a million predictions for drift; writes artifacts/drift.json" };
Option<string?> ranking = new("--ranking")
{
    Description = "Only how well searches rank a public collection (a folder as BEIR lays them out); writes artifacts/ranking.json",
};
RootCommand root = new("Measures the pipeline against named limits and peers; writes artifacts/bench.json.")
{
    quick,
    film,
    traffic,
    predictions,
    images,
    durable,
    host,
    flood,
    assets,
    runs,
    vectors,
    filters,
    drift,
    ranking,
};
root.SetAction(
    async (parsed, cancellationToken) =>
    {
        RedirectedOutput.Prepare();
        BenchReport report = new();
        bool isQuick = parsed.GetValue(quick);
        (string file, Func<BenchReport, bool, CancellationToken, Task> measure) =
            parsed.GetValue(film) ? ("film.json", MeasureFilmAsync)
            : parsed.GetValue(traffic) ? ("traffic.json", MeasureTrafficAsync)
            : parsed.GetValue(predictions) ? ("predictions.json", MeasurePredictionsAsync)
            : parsed.GetValue(images) ? ("images.json", MeasureImagesAsync)
            : parsed.GetValue(durable) ? ("durable.json", DurableBenchmark.RunAsync)
            : parsed.GetValue(host) ? ("host.json", HostBenchmark.RunAsync)
            : parsed.GetValue(flood) ? ("flood.json", MeasureFloodAsync)
            : parsed.GetValue(assets) ? ("assets.json", AssetsBenchmark.RunAsync)
            : parsed.GetValue(runs) ? ("runs.json", RunsBenchmark.RunAsync)
            : parsed.GetValue(vectors) ? ("vectors.json", VectorBenchmark.RunAsync)
            : parsed.GetValue(filters) ? ("filters.json", FilterBenchmark.RunAsync)
            : parsed.GetValue(drift) ? ("drift.json", DriftBenchmark.RunAsync)
            : parsed.GetValue(ranking) is { } collection ? ("ranking.json", RankingBenchmark.Of(collection))
            : ("bench.json", (Func<BenchReport, bool, CancellationToken, Task>)MeasureAsync);
        await measure(report, isQuick, cancellationToken);
        report.Print();
        report.Write(file, isQuick);
        return 0;
    }
);
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is StackException or ModelRejectedException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

static async Task MeasureAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Tokenizers ...");
    foreach (string name in TokenizerBenchmark.Names)
    {
        report.Add(TokenizerBenchmark.Compare(name, turns: quick ? 1 : 3, TimeSpan.FromSeconds(quick ? 0.3 : 3)));
    }
    await MeasureServingAsync(report, quick, cancellationToken);
    AnsiConsole.WriteLine("Pipeline ...");
    using BareLimits limits = new();
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("bench", TimeProvider.System, cancellationToken);
    await pipeline.MeasureLatencyAsync(report, uploads: quick ? 5 : 50, cancellationToken);
    await pipeline.MeasureTextsAsync(report, quick ? 20 : 2000, cancellationToken);
    await pipeline.MeasureImagesAsync(report, limits, BenchImageModels.Usual, limits.InputSide, quick ? 10 : 500, cancellationToken);
    await VideoBenchmark.MeasureAsync(
        report,
        pipeline.Uploads,
        limits,
        TimeSpan.FromMinutes(quick ? 0.3 : 5),
        rounds: quick ? 1 : 3,
        cancellationToken
    );
    await MeasureRouteAsync(report, pipeline, quick, cancellationToken);
    pipeline.MeasureMemory(report);
    AnsiConsole.WriteLine("Traffic under change ...");
    await TrafficBenchmark.MeasureAsync(report, pipeline.Stack, Dwell(quick), cancellationToken);
    await TrafficBenchmark.MeasureTwoHostsAsync(report, pipeline.Stack, changes: quick ? 2 : 20, cancellationToken);
    await FloodBenchmark.MeasureAsync(report, pipeline.Stack, FloodTime(quick), cancellationToken);
    await pipeline.MeasureStartAsync(report, TimeProvider.System, cancellationToken);
    await MeasureRealImagesAsync(report, limits, quick, cancellationToken);
    await HostBenchmark.RunAsync(report, quick, cancellationToken);
    await DurableBenchmark.RunAsync(report, quick, cancellationToken);
    await AssetsBenchmark.RunAsync(report, quick, cancellationToken);
    await RunsBenchmark.RunAsync(report, quick, cancellationToken);
    if (VectorBenchmark.HasModel)
    {
        await VectorBenchmark.RunAsync(report, quick, cancellationToken);
    }
    else
    {
        AnsiConsole.WriteLine($"Vectors are left out: {BenchVectors.ModelVariable} names no folder of all-MiniLM-L6-v2.");
    }
}

static async Task MeasureImagesAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Images ...");
    using BareLimits limits = new();
    await using (PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("images", TimeProvider.System, cancellationToken))
    {
        await pipeline.MeasureImagesAsync(report, limits, BenchImageModels.Usual, limits.InputSide, quick ? 10 : 500, cancellationToken);
    }
    await MeasureRealImagesAsync(report, limits, quick, cancellationToken);
}

static async Task MeasureRealImagesAsync(BenchReport report, BareLimits limits, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Images, with models of real size ...");
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync(
        "images",
        TimeProvider.System,
        cancellationToken,
        BenchImageModels.Settings,
        BenchImageModels.Prepare()
    );
    await pipeline.MeasureImagesAsync(
        report,
        limits,
        BenchImageModels.Name,
        BenchImageModels.InputSide,
        quick ? 10 : 500,
        cancellationToken
    );
}

static async Task MeasurePredictionsAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    await MeasureServingAsync(report, quick, cancellationToken);
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("predictions", TimeProvider.System, cancellationToken);
    await MeasureRouteAsync(report, pipeline, quick, cancellationToken);
}

static async Task MeasureServingAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Serving ...");
    using (ServingBenchmark encoder = ServingBenchmark.Start(BenchModel.Encoder()))
    {
        await encoder.MeasureThroughputAsync(report, texts: quick ? 256 : 512, turns: quick ? 1 : 4, cancellationToken);
        await new CapacityBenchmark(encoder, TimeSpan.FromSeconds(quick ? 1 : 8), TimeProvider.System).MeasureAsync(
            report,
            refinements: quick ? 1 : 4,
            cancellationToken
        );
    }
    using ServingBenchmark tiny = ServingBenchmark.Start(BenchModel.Sample("text-embedding"));
    await tiny.MeasureThroughputAsync(report, texts: quick ? 512 : 4096, turns: quick ? 2 : 4, cancellationToken);
}

static async Task MeasureRouteAsync(BenchReport report, PipelineBenchmark pipeline, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Predictions ...");
    foreach (BenchModel model in new[] { BenchModel.Encoder(), BenchModel.Sample("entities") })
    {
        using PredictionBenchmark predictions = await PredictionBenchmark.StartAsync(pipeline.Stack, model, cancellationToken);
        predictions.MeasureOverhead(report, rounds: quick ? 20 : 1000, cancellationToken);
        if (model.IsTiny)
        {
            await predictions.MeasureShadowAsync(report, requests: quick ? 20 : 1000, cancellationToken);
        }
    }
}

static async Task MeasureTrafficAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Traffic under change ...");
    using BareLimits limits = new(); // makes the runtime whose threads the predictions' measure shares
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("traffic", TimeProvider.System, cancellationToken);
    await TrafficBenchmark.MeasureAsync(report, pipeline.Stack, Dwell(quick), cancellationToken);
    using (
        PredictionBenchmark predictions = await PredictionBenchmark.StartAsync(
            pipeline.Stack,
            BenchModel.Sample("entities"),
            cancellationToken
        )
    )
    {
        await predictions.MeasureShadowAsync(report, requests: quick ? 20 : 1000, cancellationToken);
    }
    await TrafficBenchmark.MeasureTwoHostsAsync(report, pipeline.Stack, changes: quick ? 2 : 20, cancellationToken);
}

static async Task MeasureFloodAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Flood ...");
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("flood", TimeProvider.System, cancellationToken);
    await FloodBenchmark.MeasureAsync(report, pipeline.Stack, FloodTime(quick), cancellationToken);
}

static TimeSpan FloodTime(bool quick) => TimeSpan.FromSeconds(quick ? 3 : 20);

// Eleven of them, and the changes between, are more than a minute.
static TimeSpan Dwell(bool quick) => TimeSpan.FromSeconds(quick ? 1 : 6);

static async Task MeasureFilmAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
{
    AnsiConsole.WriteLine("Film ...");
    await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("film", TimeProvider.System, cancellationToken);
    FilmSpec spec = quick ? FilmSpec.Large with { Duration = TimeSpan.FromMinutes(5) } : FilmSpec.Large;
    await new FilmBenchmark(pipeline).MeasureAsync(report, spec, cancellationToken);
}
