using Serverless.Packages;
using Serverless.Statistics;
using Serverless.Statistics.Comparisons;
using Serverless.Statistics.Metrics;
using Serverless.Validation.Golden;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Judging;

/// <summary>A metric over a golden set.</summary>
/// <param name="Key">By which limits are configured.</param>
/// <param name="Of">Makes it from answers; twice the items for two versions.</param>
/// <param name="IsRight">Where answers are right or wrong.</param>
internal sealed record GoldenScore(string Key, Func<IReadOnlyList<ItemAnswer>, Metric> Of, Func<int, ItemAnswer, bool>? IsRight = null)
{
    private const int Documents = 10;

    /// <summary>The metrics of a task; the first decides on slices.</summary>
    public static IReadOnlyList<GoldenScore> For(ModelTask task, IReadOnlyList<GoldenItem> items)
    {
        GoldenItem At(int i) => items[i % items.Count];
        GoldenScore cosine = new("cosine", answers => Mean("cosine", answers, a => a.Cosine));
        GoldenScore order = new("ndcg", answers =>
            Ranking.NormalizedGain([.. answers.Select(a => a.Scores)], [.. answers.Select((_, i) => At(i).Relevance!)], Documents)
        );
        return task switch
        {
            ModelTask.TextClassification or ModelTask.ImageClassification =>
            [
                new(
                    "accuracy",
                    answers => Classification.Accuracy([.. answers.Select((_, i) => At(i).Label!)], [.. answers.Select(a => a.Label)]),
                    (i, a) => a.Label == At(i).Label
                ),
                new("macroF1", answers =>
                    Classification.MacroF1([.. answers.Select((_, i) => At(i).Label!)], [.. answers.Select(a => a.Label)])
                ),
            ],
            ModelTask.TokenClassification =>
            [
                new("spanF1", answers =>
                    Spans.F1([.. answers.Select((_, i) => Typed(At(i).Entities!))], [.. answers.Select(a => Typed(a.Entities ?? []))])
                ),
            ],
            ModelTask.ObjectDetection =>
            [
                new("map", answers =>
                    Detection.MeanAveragePrecision(
                        [.. answers.Select((_, i) => Boxes(At(i).Boxes!))],
                        [.. answers.Select(a => Scored(a.Boxes ?? []))]
                    )
                ),
            ],
            ModelTask.Reranking => [order],
            ModelTask.TextEmbedding or ModelTask.ImageEmbedding or ModelTask.TextImageEmbedding => items[0].Vector is null
                ? [order]
                : [cosine],
            _ => [cosine],
        };
    }

    /// <summary>How good the answer to one item of the set is, 0 to 1.</summary>
    public double ValueOf(ModelTask task, IReadOnlyList<GoldenItem> items, int i, ItemAnswer answer) =>
        IsRight is { } isRight ? (isRight(i, answer) ? 1 : 0)
        : For(task, [items[i]])[0].Of([answer]).Evaluate() is var value && double.IsNaN(value) ? 0
        : value;

    /// <summary>An item without an answer has the worst.</summary>
    private static Metric Mean(string name, IReadOnlyList<ItemAnswer> answers, Func<ItemAnswer, double?> value) =>
        Metric.Mean(name, [.. answers.Select(a => value(a) ?? 0)]);

    private static TypedSpan[] Typed(IReadOnlyList<GoldenSpan> spans) => [.. spans.Select(s => new TypedSpan(s.Start, s.Length, s.Type))];

    private static LabelledBox[] Boxes(IReadOnlyList<GoldenBox> boxes) => [.. boxes.Select(Box)];

    private static DetectedBox[] Scored(IReadOnlyList<FoundBox> boxes) => [.. boxes.Select(b => new DetectedBox(Box(b.Box), b.Score))];

    private static LabelledBox Box(GoldenBox box) => new(box.X, box.Y, box.Width, box.Height, box.Label);
}
