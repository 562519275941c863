using System.Numerics.Tensors;

namespace Serverless.Benchmarks;

/// <summary>What every approximate search is held against: all products in 32-bit floating point, on all processors.</summary>
internal static class ExactNeighbours
{
    private const int RowsAtOnce = 4096;

    /// <summary>For each set of rows and each query, the nearest rows, the best first.</summary>
    public static int[][][] Find(BenchVectors vectors, IReadOnlyList<Func<int, bool>> sets, int queries, int limit)
    {
        Nearest[] found = [.. Enumerable.Range(0, sets.Count * queries).Select(_ => new Nearest(limit))];
        Parallel.ForEach(Chunks(vectors.Count), range => Compare(vectors, sets, queries, range, found));
        return
        [
            .. Enumerable
                .Range(0, sets.Count)
                .Select(set => Enumerable.Range(0, queries).Select(query => found[set * queries + query].Rows).ToArray()),
        ];
    }

    /// <summary>The share of what is nearest that was found.</summary>
    public static double Recall(int[][] exact, int[][] found) =>
        exact.Zip(found).Sum(pair => pair.First.Intersect(pair.Second).Count()) / (double)exact.Sum(nearest => nearest.Length);

    private static IEnumerable<Range> Chunks(int count) =>
        Enumerable.Range(0, (count + RowsAtOnce - 1) / RowsAtOnce).Select(i => (i * RowsAtOnce)..Math.Min(count, (i + 1) * RowsAtOnce));

    private static void Compare(BenchVectors vectors, IReadOnlyList<Func<int, bool>> sets, int queries, Range rows, Nearest[] found)
    {
        for (int row = rows.Start.Value; row < rows.End.Value; row++)
        {
            int[] holding = [.. Enumerable.Range(0, sets.Count).Where(set => sets[set](row))];
            for (int query = 0; query < queries; query++)
            {
                float score = TensorPrimitives.Dot(vectors.Row(row), vectors.Query(query));
                foreach (int set in holding)
                {
                    found[set * queries + query].Offer(row, score);
                }
            }
        }
    }

    private sealed class Nearest(int limit)
    {
        private readonly List<(float Score, int Row)> _kept = [];
        private volatile float _floor = float.NegativeInfinity;

        public int[] Rows => [.. _kept.Select(kept => kept.Row)];

        public void Offer(int row, float score)
        {
            if (score <= _floor)
            {
                return;
            }
            lock (_kept)
            {
                int at = _kept.FindIndex(kept => kept.Score < score);
                _kept.Insert(at < 0 ? _kept.Count : at, (score, row));
                if (_kept.Count > limit)
                {
                    _kept.RemoveAt(limit);
                }
                _floor = _kept.Count == limit ? _kept[^1].Score : _floor;
            }
        }
    }
}
