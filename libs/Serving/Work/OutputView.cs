using System.Numerics.Tensors;
using Serverless.Captures;

namespace Serverless.Serving.Work;

/// <summary>An answer in the terms that all tasks share: for each item its best labels with scores, or its vector. Bounded.</summary>
/// <param name="Count">Entities, boxes, vectors, ranks or output elements; all items together.</param>
public sealed record OutputView(string Task, IReadOnlyList<IReadOnlyList<ScoredLabel>> Items, IReadOnlyList<float[]> Vectors, int Count)
{
    /// <summary>Items and labels of an item that are looked at.</summary>
    public const int MaxItems = 64;
    public const int MaxLabels = 16;

    private const int MaxCapturedDimensions = 1_024;
    private const int EntropyLabels = 5;
    private const double Rounding = 1e-3;

    public bool Valid =>
        Items.All(item => item.All(label => double.IsFinite(label.Score)))
        && Vectors.All(vector => !float.IsNaN(TensorPrimitives.Sum<float>(vector)));

    /// <summary>
    /// What feedback with a label is held against, of the first item: its best class, its best object's, its best document's index or its
    /// largest value's. Null of vectors and of entities, whose labels are places.
    /// </summary>
    public string? BestLabel => Task != Views.EntitiesTask && Items is [[{ Label: var label }, ..], ..] ? label : null;

    public OutputSummary Summarise(bool withVector)
    {
        IReadOnlyList<ScoredLabel> first = Items.Count > 0 ? Items[0] : [];
        return new OutputSummary(
            Task,
            first.Count > 0 ? first[0].Label : null,
            first.Count > 0 ? first[0].Score : null,
            first,
            Count,
            Valid,
            Vectors.Count > 0 ? Summarise(Vectors[0], withVector) : null,
            Task == Views.EntitiesTask ? first.CountBy(label => Views.TypeOf(label.Label)).ToDictionary() : null,
            Task == Views.LabelsTask ? EntropyOf(first) : null
        );
    }

    private static double? EntropyOf(IReadOnlyList<ScoredLabel> labels)
    {
        double[] best = [.. labels.Take(EntropyLabels).Select(label => label.Score)];
        double left = 1 - best.Sum();
        // Labels of which several may hold make no distribution.
        if (left < -Rounding || (best.Length < EntropyLabels && left > Rounding) || best.Any(share => !(share >= 0)))
        {
            return null;
        }
        return Math.Round(best.Append(left).Where(share => share > 0).Sum(share => -share * Math.Log2(share)), 4);
    }

    private static EmbeddingSummary? Summarise(float[] vector, bool withVector)
    {
        if (vector.Length == 0)
        {
            return null;
        }
        double mean = TensorPrimitives.Sum<float>(vector) / vector.Length;
        double norm = TensorPrimitives.Norm<float>(vector);
        double deviation = Math.Sqrt(Math.Max(0, (norm * norm / vector.Length) - (mean * mean)));
        float[]? values = withVector && vector.Length <= MaxCapturedDimensions ? [.. vector.Select(value => MathF.Round(value, 5))] : null;
        return new EmbeddingSummary(vector.Length, mean, deviation, norm, values);
    }
}
