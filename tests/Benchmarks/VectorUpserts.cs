using System.Diagnostics;
using Serverless.Vectors;

namespace Serverless.Benchmarks;

/// <summary>How long it takes until an asset just applied is found, beside a hundred searches a second. Without the object store.</summary>
internal sealed class VectorUpserts(VectorRun run, BenchVectors vectors, BenchReport report, string name)
{
    private const int SearchesASecond = 100;
    private const double AimMilliseconds = 1000;

    public async Task MeasureAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task searching = Task.Factory.StartNew(
            () => SearchUntil(ended.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        Timings timings = new();
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
        {
            long before = Stopwatch.GetTimestamp();
            AssetVectors upserted = VectorRun.AssetOf(vectors, i % (vectors.Count / VectorRun.RowsAnAsset)) with { Asset = $"new-{i}" };
            run.Index.Apply(upserted);
            VectorFilter own = VectorFilter.OfAssets(run.Index.AssetsOf([upserted.Asset]));
            if (run.Index.Search(upserted.Entries[0].Vector.Span, 1, own).Count != 1)
            {
                throw new InvalidOperationException($"{upserted.Asset} was applied and is not found.");
            }
            timings.Add(Stopwatch.GetElapsedTime(before));
        }
        await ended.CancelAsync();
        await searching;
        report.Add(
            new Measurement(
                $"Upsert until found, {name}, beside {SearchesASecond} searches/s, 99th percentile",
                timings.At(0.99),
                "ms",
                "lower",
                AimMilliseconds
            )
        );
    }

    private void SearchUntil(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; !cancellationToken.IsCancellationRequested; i++)
        {
            run.Index.Search(vectors.Query(i % (vectors.Queries.Length / vectors.Dimensions)), 10);
            TimeSpan early = TimeSpan.FromSeconds((double)i / SearchesASecond) - Stopwatch.GetElapsedTime(started);
            if (early > TimeSpan.Zero)
            {
                cancellationToken.WaitHandle.WaitOne(early);
            }
        }
    }
}
