using System.Diagnostics;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Media;
using Serverless.Storage;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// The list of assets and their counts over 20,000 uploads, half in each store: what a person waits for who opens the console. Measured in
/// this process over the real servers, without the few milliseconds of HTTP.
/// </summary>
internal static class AssetsBenchmark
{
    private const int Writers = 16;
    private const int Page = 50;

    /// <summary>Longer than a look goes on and is shared afterwards.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(60);

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        int assets = quick ? 500 : 20_000;
        AnsiConsole.WriteLine($"Lists of {assets:N0} assets ...");
        await using PipelineBenchmark pipeline = await PipelineBenchmark.StartAsync("assets", TimeProvider.System, cancellationToken);
        await pipeline.Stack.StopProgramsAsync(); // what is put there here is not to be analysed
        using PipelineClient client = new(pipeline.Stack);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, assets),
            new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken },
            async (i, token) => await SeedAsync(client.Stores[i % 2], i, token)
        );

        AssetStores stores = new(client.Stores);
        await MeasureAsync(report, "before the first reconcile", new LedgerViews(stores, TimeProvider.System), cancellationToken);
        AdvancedTime time = new();
        LedgerViews views = new(stores, time);
        foreach (LedgerView view in views.All) // as a reconcile does
        {
            await view.SaveAsync(await view.SummarizeAsync(cancellationToken), TimeProvider.System.GetUtcNow(), cancellationToken);
        }
        await MeasureAsync(report, "after a start", new LedgerViews(stores, TimeProvider.System), cancellationToken);
        await views.RefreshPacedAsync(cancellationToken);
        await views.CountAsync(cancellationToken);
        time.Advance(Rest); // so that each asks for a new look, which is the worst that can happen
        await MeasureAsync(report, "warm", views, cancellationToken);
    }

    private static async Task MeasureAsync(BenchReport report, string how, LedgerViews views, CancellationToken cancellationToken)
    {
        await TimeAsync(report, $"First page of the list, {how}", async () =>
        {
            await views.RefreshPacedAsync(cancellationToken);
            return views.NewestFirst().Take(Page).Count();
        });
        await TimeAsync(report, $"A page of the quarantined, {how}", async () =>
        {
            await views.RefreshPacedAsync(cancellationToken);
            return views.NewestFirst().Where(row => row.State == AssetState.Quarantined).Take(Page).Count();
        });
        await TimeAsync(report, $"Summary, {how}", async () =>
            (int)IngestSummary.Total((await views.CountAsync(cancellationToken)).Stores).Expected
        );
    }

    private static async Task TimeAsync(BenchReport report, string what, Func<Task<int>> look)
    {
        long started = Stopwatch.GetTimestamp();
        await look();
        double seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        report.Add(new Measurement(what, seconds, "s", "lower", Aim: 1));
    }

    private static async Task SeedAsync(IObjectStore store, int i, CancellationToken cancellationToken)
    {
        using MemoryStream body = new("A note."u8.ToArray());
        StoredObject stored = await store.WriteAsync(
            $"{AssetLayout.MediaPrefix}{i % 100:00}/note-{i:00000}.txt",
            body,
            WriteCondition.Always,
            "text/plain",
            cancellationToken
        );
        AssetSource source = AssetStores.SourceOf(store, stored);
        LedgerEntry entry = LedgerEntry
            .New(source, DateTimeOffset.UnixEpoch.AddSeconds(i))
            .Begin(1, MediaKind.Text, "text/plain", stored.Length, DateTimeOffset.UnixEpoch.AddSeconds(i + 1));
        LedgerEntry settled =
            i % 50 == 0
                ? entry.Quarantine(new Failure(FailureKind.Unsupported, "Found nothing.", Retryable: false), 1, entry.Changed)
                : entry.Complete(1, entry.Changed);
        using Stream ledger = AssetsJson.Write(LedgerDocument.New(source).With(settled)).ToStream();
        await store.WriteAsync(AssetLayout.Ledger(source.AssetId), ledger, WriteCondition.Always, "application/json", cancellationToken);
    }
}
