using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Serverless.Vectors;
using Serverless.Words;
using Spectre.Console;

namespace Serverless.Benchmarks;

/// <summary>
/// Searches of vectors through what words know of their places: a label that 0.1 % to half of them have, asked anew and kept from the
/// search before, in turns with a search without a filter; recall at 10 of those that have it. Needs no model: vectors are made around
/// topics.
/// </summary>
internal sealed class FilterBenchmark(BenchReport report, BenchVectors vectors, VectorRun run, WordIndex words, int queries, int turns)
{
    private readonly System.Runtime.CompilerServices.ConditionalWeakTable<PlaceKeys, PlaceTable> _tables = [];
    private const int Dimensions = 384;
    private const int Limit = 10;
    private const int Topics = 300;
    private const int SentencesATopic = 10;
    private const float Spread = 0.7f; // of a sentence around its topic
    private const double AimMilliseconds = 7;
    private const double AimedRecall = 0.99;
    private static readonly double[] Shares = [0.001, 0.01, 0.1, 0.5];

    public static async Task RunAsync(BenchReport report, bool quick, CancellationToken cancellationToken)
    {
        await Task.Yield();
        int count = quick ? 10_000 : 100_000,
            queries = quick ? 20 : 100;
        AnsiConsole.WriteLine("Filters ...");
        BenchVectors vectors = BenchVectors.Grow(Sentences(new Random(7)), Dimensions, count, queries);
        using VectorRun run = new(vectors);
        using WordIndex words = WordsOf(vectors, cancellationToken);
        new FilterBenchmark(report, vectors, run, words, queries, turns: quick ? 1 : 5).Measure();
    }

    private void Measure()
    {
        int[][][] exact = ExactNeighbours.Find(
            vectors,
            [.. Shares.Select(share => (Func<int, bool>)(row => IsIn(row, share)))],
            queries,
            Limit
        );
        Timings first = new();
        first.Add(Timed(() => Anew(Shares[^1])));
        report.Add(
            new Measurement($"First filter after a change of the words, {vectors.Count:#,##0} vectors", first.Median, "ms", "lower")
        );
        for (int i = 0; i < Shares.Length; i++)
        {
            Measure(Shares[i], exact[i]);
        }
    }

    /// <summary>The three take turns, query by query.</summary>
    private void Measure(double share, int[][] exact)
    {
        (Timings without, Timings anew, Timings kept) = (new(), new(), new());
        VectorFilter filter = Anew(share);
        int[][] found = new int[queries][];
        for (int turn = 0; turn < turns; turn++)
        {
            for (int query = 0; query < queries; query++)
            {
                without.Add(Timed(() => run.Find(query, Limit, null, SearchDepth.Chosen)));
                anew.Add(Timed(() => run.Find(query, Limit, Anew(share), SearchDepth.Chosen)));
                kept.Add(Timed(() => found[query] = run.Find(query, Limit, filter, SearchDepth.Chosen)));
            }
        }
        string name = $"filter of {share:0.#%}, {vectors.Count:#,##0} vectors";
        Add($"Search, {name}, asked anew", anew, without, AimMilliseconds);
        Add($"Search, {name}, kept", kept, without, without.Median);
        report.Add(new Measurement($"Recall, {name}", ExactNeighbours.Recall(exact, found), "of 10", "higher", Aim: AimedRecall));
    }

    private void Add(string name, Timings measured, Timings without, double aim) =>
        report.Add(new Measurement(name, measured.Median, "ms", "lower", aim, "without", without.Median, measured.Median / without.Median));

    private VectorFilter Anew(double share)
    {
        using WordSearch search = words.Search(query: null, new WordFilter { Labels = [LabelOf(share)] });
        return VectorFilter.OfPlaces([
            .. search
                .Admitted(PlaceKey.Of)
                .Select(part => new AdmittedTable(_tables.GetValue(part.Keys, keys => new(keys.Assets, keys.Places)), part.Bits)),
        ]);
    }

    private static TimeSpan Timed(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started);
    }

    private static float[] Sentences(Random random)
    {
        float[] all = new float[Topics * SentencesATopic * Dimensions];
        for (int topic = 0; topic < Topics; topic++)
        {
            float[] centre = Direction(random);
            for (int i = 0; i < SentencesATopic; i++)
            {
                float[] own = Direction(random);
                Span<float> sentence = all.AsSpan((topic * SentencesATopic + i) * Dimensions, Dimensions);
                for (int d = 0; d < Dimensions; d++)
                {
                    sentence[d] = centre[d] + Spread * own[d];
                }
                System.Numerics.Tensors.TensorPrimitives.Divide(
                    sentence,
                    System.Numerics.Tensors.TensorPrimitives.Norm(sentence),
                    sentence
                );
            }
        }
        return all;
    }

    private static float[] Direction(Random random)
    {
        float[] direction = [.. Enumerable.Range(0, Dimensions).Select(_ => random.NextSingle() - 0.5f)];
        float length = System.Numerics.Tensors.TensorPrimitives.Norm(direction);
        return [.. direction.Select(element => element / length)];
    }

    private static WordIndex WordsOf(BenchVectors vectors, CancellationToken cancellationToken)
    {
        WordIndex words = new(new WordOptions(), TimeProvider.System, NullLogger<WordIndex>.Instance);
        for (int asset = 0; asset * VectorRun.RowsAnAsset < vectors.Count; asset++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IEnumerable<int> rows = Enumerable
                .Range(asset * VectorRun.RowsAnAsset, VectorRun.RowsAnAsset)
                .Where(row => row < vectors.Count);
            words.Apply(new AssetWords($"asset-{asset:d8}", "1", 1, DateTimeOffset.UnixEpoch, [.. rows.Select(PlaceOf)]));
        }
        words.Refresh();
        return words;
    }

    private static WordPlace PlaceOf(int row)
    {
        string[] labels = [.. Shares.Where(share => IsIn(row, share)).Select(LabelOf)];
        return new WordPlace("text", row.ToString(CultureInfo.InvariantCulture), $"passage {row}", "en", labels, [], WordSource.Text);
    }

    private static string LabelOf(double share) => string.Create(CultureInfo.InvariantCulture, $"share {share}");

    /// <summary>Spread evenly, the same for the same share.</summary>
    private static bool IsIn(int row, double share) => (uint)(row * 2_654_435_761L) < share * uint.MaxValue; // Knuth's multiplicative hash
}
