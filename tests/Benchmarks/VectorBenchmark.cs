using System.Globalization;
using Serverless.Local.Stack;
using Serverless.Vectors;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// Nearest neighbours among 10^4 to 10^6 vectors of sentences: recall at 10 against exact products, queries a second and the 99th
/// percentile with one and two threads, building, bytes and filters; beside hnswlib and faiss in Debian's builds, on the same vectors and
/// as many threads, taking turns.
/// </summary>
internal sealed class VectorBenchmark(BenchReport report, BenchVectors vectors, int queries, TimeSpan turn, int turns)
{
    /// <summary>Numbers of vectors, where others than the three are wanted: 10000,100000.</summary>
    private const string CountsVariable = "BENCH_VECTORS";

    private const int Limit = 10;
    private const double AimedRecall = 0.995;
    private const int Links = 16; // hnswlib's M and ef_construction as its README has them
    private const int LinksConsidered = 200;
    private static readonly double[] Shares = [0.001, 0.01, 0.1, 0.5];
    private static readonly int[] Efforts = [16, 32, 64, 96, 128, 192, 256, 384, 512, 768];

    private readonly string _name = $"{vectors.Count:#,##0} vectors";

    public static bool HasModel => Directory.Exists(Environment.GetEnvironmentVariable(BenchVectors.ModelVariable));

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        AnsiConsole.WriteLine("Vectors ...");
        string? model = Environment.GetEnvironmentVariable(BenchVectors.ModelVariable);
        if (!Directory.Exists(model))
        {
            throw new StackException(
                $"The vectors' benchmark needs the package of all-MiniLM-L6-v2; {BenchVectors.ModelVariable} names "
                    + $"{(model is null ? "no folder" : $"{model}, which is no folder")}."
            );
        }
        float[] sentences = BenchVectors.Embed(model, quick ? 1000 : int.MaxValue, out int dimensions);
        foreach (int count in quick ? [10_000] : Counts())
        {
            cancellationToken.ThrowIfCancellationRequested();
            BenchVectors grown = BenchVectors.Grow(sentences, dimensions, count, quick ? 50 : 200);
            TimeSpan turn = TimeSpan.FromSeconds(quick ? 0.3 : 3);
            await new VectorBenchmark(report, grown, quick ? 50 : 200, turn, quick ? 1 : 3).MeasureAsync(cancellationToken);
        }
    }

    private static int[] Counts() =>
        Environment.GetEnvironmentVariable(CountsVariable) is { Length: > 0 } given
            ? [.. given.Split(',').Select(count => int.Parse(count, CultureInfo.InvariantCulture))]
            : [10_000, 100_000, 1_000_000];

    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        using VectorRun ours = new(vectors);
        Func<int, bool>[] sets = [_ => true, .. Shares.Select(SetOf)];
        int[][][] exact = ExactNeighbours.Find(vectors, sets, queries, Limit);
        AddSimilarities(exact[0]);
        using PeerTurns peers = PeerTurns.Start(vectors, report, _name);
        report.Add(new Measurement($"Build, {_name}", ours.Built.TotalSeconds, "s", "lower"));
        double bytes = ours.Index.MemoryBytes / (double)vectors.Count;
        (double hnswBytes, int hnswEffort) = peers.BuildHnswlib(Links, LinksConsidered, Efforts, Limit, exact[0], AimedRecall);
        int faissEffort = peers.BuildFaiss(Efforts, Limit, exact[0], AimedRecall);
        report.Add(
            new Measurement(
                $"Memory, {_name}",
                bytes,
                "bytes/vector",
                "lower",
                Aim: hnswBytes > 0 ? 0.3 * hnswBytes : null,
                hnswBytes > 0 ? "hnswlib" : null,
                hnswBytes > 0 ? hnswBytes : null,
                hnswBytes > 0 ? bytes / hnswBytes : null
            )
        );
        foreach (int threads in (int[])[1, 2])
        {
            await CompareAsync(ours, peers, exact[0], threads, hnswEffort, faissEffort);
        }
        await MeasureFiltersAsync(ours, exact);
        await new VectorUpserts(ours, vectors, report, _name).MeasureAsync(turn * turns, cancellationToken);
        new VectorStart(vectors, report, _name).Measure();
    }

    private async Task CompareAsync(VectorRun ours, PeerTurns peers, int[][] exact, int threads, int hnswEffort, int faissEffort)
    {
        SearchTurn? chosen = null,
            all = null,
            hnsw = null,
            faiss = null;
        for (int i = 0; i < turns; i++)
        {
            chosen = Better(chosen, await ours.SearchAsync(queries, Limit, threads, turn));
            hnsw = Better(hnsw, peers.Run("hnswlib", Limit, hnswEffort, threads, turn.TotalSeconds));
            all = Better(all, await ours.SearchAsync(queries, Limit, threads, turn, depth: SearchDepth.AllCodes));
            faiss = Better(faiss, peers.Run("faiss", Limit, faissEffort, threads, turn.TotalSeconds));
        }
        string name = $"{_name}, {threads} {(threads == 1 ? "thread" : "threads")}";
        double? aim = vectors.Count >= 1_000_000 ? 300 * threads : hnsw?.Rate;
        Add($"Searches, {name}", chosen!, exact, aim, hnsw);
        Add($"Searches of all codes, {name}", all!, exact, vectors.Count >= 1_000_000 ? 60 * threads : null, hnsw);
        if (faiss is not null)
        {
            report.Add(
                new Measurement(
                    $"Recall of faiss, {name}, at {faiss.Rate:0}/s",
                    ExactNeighbours.Recall(exact, faiss.Found),
                    "of 10",
                    "higher"
                )
            );
        }
        if (hnsw is not null)
        {
            report.Add(new Measurement($"Recall of hnswlib, {name}", ExactNeighbours.Recall(exact, hnsw.Found), "of 10", "higher"));
        }
    }

    private static SearchTurn? Better(SearchTurn? known, SearchTurn? next) => next is null || known?.Rate > next.Rate ? known : next;

    private void Add(string name, SearchTurn ours, int[][] exact, double? aim, SearchTurn? peer)
    {
        report.Add(
            new Measurement(name, ours.Rate, "1/s", "higher", aim, peer is null ? null : "hnswlib", peer?.Rate, ours.Rate / peer?.Rate)
        );
        report.Add(
            new Measurement(
                $"{name}, 99th percentile",
                ours.P99,
                "ms",
                "lower",
                null,
                peer is null ? null : "hnswlib",
                peer?.P99,
                ours.P99 / peer?.P99
            )
        );
        report.Add(new Measurement($"{name}, recall", ExactNeighbours.Recall(exact, ours.Found), "of 10", "higher", Aim: AimedRecall));
    }

    private async Task MeasureFiltersAsync(VectorRun ours, int[][][] exact)
    {
        for (int i = 0; i < Shares.Length; i++)
        {
            Func<int, bool> isIn = SetOf(Shares[i]);
            AssetSet assets = ours.Index.AssetsOf(
                Enumerable
                    .Range(0, vectors.Count / VectorRun.RowsAnAsset)
                    .Where(asset => isIn(asset * VectorRun.RowsAnAsset))
                    .Select(asset => $"asset-{asset:d8}")
            );
            VectorFilter filter = VectorFilter.OfAssets(assets);
            SearchTurn? filtered = null,
                unfiltered = null;
            for (int t = 0; t < turns; t++)
            {
                filtered = Better(filtered, await ours.SearchAsync(queries, Limit, 1, turn, filter));
                unfiltered = Better(unfiltered, await ours.SearchAsync(queries, Limit, 1, turn));
            }
            string name = $"Searches, {_name}, filter of {Shares[i]:0.#%}";
            report.Add(
                new Measurement(
                    name,
                    filtered!.Rate,
                    "1/s",
                    "higher",
                    unfiltered!.Rate,
                    "without",
                    unfiltered.Rate,
                    filtered.Rate / unfiltered.Rate
                )
            );
            report.Add(
                new Measurement($"{name}, recall", ExactNeighbours.Recall(exact[i + 1], filtered.Found), "of 10", "higher", Aim: 0.99)
            );
        }
    }

    /// <summary>A share of the assets, spread evenly, the same for the same share.</summary>
    private static Func<int, bool> SetOf(double share) =>
        row => (uint)(row / VectorRun.RowsAnAsset * 2_654_435_761L) < share * uint.MaxValue; // Knuth's multiplicative hash

    /// <summary>Whether what was grown is like what is real: copies would be near 1, noise near 0.</summary>
    private void AddSimilarities(int[][] exact)
    {
        foreach (int rank in (int[])[1, Limit])
        {
            Timings cosines = new();
            for (int query = 0; query < queries; query++)
            {
                cosines.Add(System.Numerics.Tensors.TensorPrimitives.Dot(vectors.Query(query), vectors.Row(exact[query][rank - 1])));
            }
            report.Add(new Measurement($"Cosine of neighbour {rank}, {_name}, 10th percentile", cosines.At(0.1), "", "higher"));
            report.Add(new Measurement($"Cosine of neighbour {rank}, {_name}, median", cosines.Median, "", "higher"));
        }
    }
}
