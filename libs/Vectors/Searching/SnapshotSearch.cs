using System.Numerics.Tensors;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors.Searching;

/// <summary>
/// One search of a snapshot, whose rows the caller keeps readable: sign bits choose among many rows, codes among few, and the vectors
/// themselves give the order and the scores.
/// </summary>
internal sealed class SnapshotSearch(VectorSnapshot snapshot, EncodedQuery query, int limit, SearchDepth depth)
{
    /// <summary>
    /// So many are chosen by sign bits, and for each wanted hit more; of more rows than the second number, more by this power of how many
    /// times more. Recall at 10 of sentences' vectors with 1,000, 2,000 and 4,000: 0.997, 0.9995 and 1 among 10^4; 0.993, 0.998 and 0.9995
    /// among 10^5; 0.991 with 4,000 and 0.999 with 8,000 among 10^6, where 6,300 are chosen: 0.9985 of other sentences, as 8,000.
    /// </summary>
    private const int Chosen = 2000;

    private const double RowsOfChosen = 100_000;
    private const double Growth = 0.5;

    /// <summary>As measured among 10^6: 2 ns a row of signs, one after the other; 65 ns a row of codes, here and there.</summary>
    private const int RowsOfSignsACode = 24;

    private const int ChosenAHit = 20;

    /// <summary>So many vectors are read for the final order, and for each wanted hit more.</summary>
    private const int FewestRescored = 20;

    private const int RescoredAHit = 2;

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
            codes.Scan(asked);
            return Rescore(codes.Best);
        }
        using SignScan signs = new(query, query.Unit.Length, ChosenOf(rows));
        codes.Scan(asked, signs.Choose(asked));
        return Rescore(codes.Best);
    }

    /// <summary>Signs cost all rows a little, codes those that are asked for much: in units of a row's codes.</summary>
    private bool PayForSigns(long rows)
    {
        long all = snapshot.Views.Sum(view => (long)view.Count),
            chosen = ChosenOf(rows);
        return rows > 2 * chosen && all / RowsOfSignsACode + 2 * chosen < rows;
    }

    private int ChosenOf(long rows) => (int)(Math.Max(Chosen, ChosenAHit * limit) * Math.Pow(Math.Max(1, rows / RowsOfChosen), Growth));

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
