using System.Diagnostics;
using System.Globalization;
using Serverless.Vectors;

namespace Serverless.Benchmarks;

/// <summary>Our index with the bench's vectors in it: assets of four vectors each, row by row.</summary>
internal sealed class VectorRun : IDisposable
{
    public const int RowsAnAsset = 4;
    private const int AssetsAtOnce = 64;
    private readonly BenchVectors _vectors;

    public VectorRun(BenchVectors vectors)
    {
        _vectors = vectors;
        Index = new VectorIndex(vectors.Dimensions);
        long started = Stopwatch.GetTimestamp();
        foreach (int[] some in Enumerable.Range(0, (vectors.Count + RowsAnAsset - 1) / RowsAnAsset).Chunk(AssetsAtOnce))
        {
            Index.Apply([.. some.Select(asset => AssetOf(vectors, asset))]);
        }
        Built = Stopwatch.GetElapsedTime(started);
    }

    public VectorIndex Index { get; }
    public TimeSpan Built { get; }

    public static AssetVectors AssetOf(BenchVectors vectors, int asset)
    {
        int first = asset * RowsAnAsset;
        return new AssetVectors(
            $"asset-{asset:d8}",
            "1",
            DateTimeOffset.UnixEpoch,
            [
                .. Enumerable
                    .Range(first, Math.Min(RowsAnAsset, vectors.Count - first))
                    .Select(row => new VectorEntry(
                        "text",
                        row.ToString(CultureInfo.InvariantCulture),
                        "",
                        vectors.Rows.AsMemory(row * vectors.Dimensions, vectors.Dimensions)
                    )),
            ]
        );
    }

    public int[] Find(int query, int limit, VectorFilter? filter, SearchDepth depth) =>
        [.. Index.Search(_vectors.Query(query), limit, filter, depth).Select(hit => int.Parse(hit.Place, CultureInfo.InvariantCulture))];

    /// <summary>All queries over and over until the time is up, each thread with its own order.</summary>
    public async Task<SearchTurn> SearchAsync(
        int queries,
        int limit,
        int threads,
        TimeSpan time,
        VectorFilter? filter = null,
        SearchDepth depth = SearchDepth.Chosen
    )
    {
        int[][] found = [.. Enumerable.Range(0, queries).Select(query => Find(query, limit, filter, depth))];
        Timings[] timings = [.. Enumerable.Range(0, threads).Select(_ => new Timings())];
        long started = Stopwatch.GetTimestamp();
        await BenchThreads.ForEachAsync(Enumerable.Range(0, threads), threads, thread =>
        {
            for (int i = 0; Stopwatch.GetElapsedTime(started) < time; i++)
            {
                long before = Stopwatch.GetTimestamp();
                Index.Search(_vectors.Query((i + thread * queries / 2) % queries), limit, filter, depth);
                timings[thread].Add(Stopwatch.GetElapsedTime(before));
            }
        });
        double rate = timings.Sum(timing => timing.Count) / Stopwatch.GetElapsedTime(started).TotalSeconds;
        Timings all = new();
        foreach (Timings timing in timings)
        {
            all.AddRange(timing.All);
        }
        return new SearchTurn(rate, all.At(0.99), found);
    }

    public void Dispose() => Index.Dispose();
}
