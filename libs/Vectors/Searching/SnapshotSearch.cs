using System.Numerics.Tensors;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>
/// One search of a snapshot, whose rows the caller keeps readable: sign bits choose among many rows, codes among few, and the vectors
/// themselves give the order and the scores.
/// </summary>
internal sealed class SnapshotSearch(VectorSnapshot snapshot, EncodedQuery query, int limit, SearchDepth depth)
{
    /// <summary>So many are chosen by sign bits, and for each wanted hit more: recall at 10 of 0.999 among a million sentences.</summary>
    private const int FewestChosen = 2000;

    private const int ChosenAHit = 20;

    /// <summary>So many vectors are read for the final order, and for each wanted hit more.</summary>
    private const int FewestRescored = 30;

    private const int RescoredAHit = 2;

    private readonly int _chosen = Math.Max(FewestChosen, ChosenAHit * limit);
    private readonly int _rescored = FewestRescored + RescoredAHit * limit;

    public VectorHit[] Run(VectorFilter? filter)
    {
        AskedRows[] asked = [.. snapshot.Views.Select(view => AskedRows.Of(view, filter))];
        long rows = asked.Sum(one => (long)one.Count);
        if (rows <= _rescored)
        {
            return Rescore(asked.SelectMany(AllOf));
        }
        CodeScan codes = new(query, _rescored);
        if (depth == SearchDepth.AllCodes || !PayForSigns(rows))
        {
            ForEach(asked, codes.Scan);
            return Rescore(codes.Best);
        }
        SignScan signs = new(query, query.Unit.Length, _chosen);
        ForEach(asked, signs.Scan);
        codes.Scan(asked, signs.Chosen());
        return Rescore(codes.Best);
    }

    /// <summary>Compares what is read: all signs and the chosen rows' codes, or the codes of all that are asked for.</summary>
    private bool PayForSigns(long rows)
    {
        long all = snapshot.Views.Sum(view => (long)view.Count);
        long stride = RowLayout.StrideOf(query.Unit.Length);
        return rows > 2L * _chosen && all * RowLayout.WordsOf(query.Unit.Length) * sizeof(ulong) + _chosen * stride < rows * stride;
    }

    private static void ForEach(AskedRows[] asked, Action<int, AskedRows> scan)
    {
        for (int view = 0; view < asked.Length; view++)
        {
            if (asked[view].Count > 0)
            {
                scan(view, asked[view]);
            }
        }
    }

    private static IEnumerable<RowAt> AllOf(AskedRows asked, int view)
    {
        int[] rows = new int[(asked.View.Count + 63) / 64 * 64];
        int count = asked.List(0, asked.View.Count, rows);
        return rows.Take(count).Select(row => new RowAt(view, row));
    }

    private VectorHit[] Rescore(IEnumerable<RowAt> candidates)
    {
        List<(float Score, RowAt At)> scored = [.. candidates.Select(at => (ScoreOf(at), at))];
        scored.Sort((a, b) => b.Score.CompareTo(a.Score) is var order and not 0 ? order : CompareLabels(a.At, b.At));
        return [.. scored.Take(limit).Select(hit => HitOf(hit.At, hit.Score))];
    }

    /// <summary>By the codes where the vector is damaged.</summary>
    private unsafe float ScoreOf(RowAt at)
    {
        RowsView view = snapshot.Views[at.View];
        ReadOnlySpan<float> vector = view.Rows.Vector(at.Row);
        if (!vector.IsEmpty)
        {
            return TensorPrimitives.Dot(query.Unit, vector);
        }
        Span<float> decoded = new float[query.Unit.Length];
        view.Memory.ReadVector(view.Rows, at.Row, decoded);
        return TensorPrimitives.Dot(query.Unit, decoded);
    }

    private int CompareLabels(RowAt a, RowAt b)
    {
        VectorLabel x = snapshot.Views[a.View].Rows.Label(a.Row),
            y = snapshot.Views[b.View].Rows.Label(b.Row);
        int asset = string.CompareOrdinal(x.Owner.Asset, y.Owner.Asset);
        return asset != 0 ? asset : string.CompareOrdinal(x.Place, y.Place);
    }

    private VectorHit HitOf(RowAt at, float score)
    {
        RowsView view = snapshot.Views[at.View];
        return VectorFilter.HitOf(view.Rows, view.Memory, at.Row, score);
    }
}
