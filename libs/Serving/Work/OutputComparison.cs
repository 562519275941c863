using System.Numerics.Tensors;
using Serverless.Captures;

namespace Serverless.Serving.Work;

/// <summary>How much two answers to one input are alike.</summary>
/// <param name="Agrees">Every item has the same best label; null where no item has one.</param>
/// <param name="TopOverlap">Jaccard index of the items' best labels, on average.</param>
/// <param name="ScoreShift">The candidate's best score less the reference's, on average over the items where both have one.</param>
/// <param name="Cosine">Of the items' vectors, on average.</param>
internal sealed record OutputComparison(bool? Agrees, double? TopOverlap, double? ScoreShift, double? Cosine)
{
    public static OutputComparison Of(OutputView candidate, OutputView reference)
    {
        int items = Math.Min(candidate.Items.Count, reference.Items.Count);
        int vectors = Math.Min(candidate.Vectors.Count, reference.Vectors.Count);
        var pairs = Enumerable.Range(0, items).Select(i => (Candidate: candidate.Items[i], Reference: reference.Items[i])).ToArray();
        double[] shifts =
        [
            .. pairs
                .Where(pair => pair.Candidate.Count > 0 && pair.Reference.Count > 0)
                .Select(pair => pair.Candidate[0].Score - pair.Reference[0].Score),
        ];
        return new OutputComparison(
            items == 0
                ? null
                : candidate.Items.Count == reference.Items.Count && pairs.All(pair => BestOf(pair.Candidate) == BestOf(pair.Reference)),
            items == 0
                ? null
                : pairs.Average(pair => Overlap(pair.Candidate.Select(label => label.Label), pair.Reference.Select(label => label.Label))),
            shifts.Length == 0 ? null : shifts.Average(),
            vectors == 0 ? null : Enumerable.Range(0, vectors).Average(i => CosineOf(candidate.Vectors[i], reference.Vectors[i]))
        );
    }

    private static string? BestOf(IReadOnlyList<ScoredLabel> labels) => labels.Count > 0 ? labels[0].Label : null;

    private static double Overlap(IEnumerable<string> a, IEnumerable<string> b)
    {
        HashSet<string> left = [.. a],
            right = [.. b];
        int common = left.Count(right.Contains),
            all = left.Count + right.Count - common;
        return all == 0 ? 1 : (double)common / all;
    }

    /// <summary>Two zero vectors are alike; vectors of different lengths have nothing in common.</summary>
    private static double CosineOf(float[] a, float[] b)
    {
        if (a.Length != b.Length || a.Length == 0)
        {
            return a.Length == b.Length ? 1 : 0;
        }
        double norms = (double)TensorPrimitives.Norm<float>(a) * TensorPrimitives.Norm<float>(b);
        if (norms == 0)
        {
            return a.AsSpan().SequenceEqual(b) ? 1 : 0;
        }
        return TensorPrimitives.Dot<float>(a, b) / norms;
    }
}
