using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;

namespace Serverless.Serving.Work;

/// <summary>Typed answers as <see cref="OutputView"/>s.</summary>
internal static class Views
{
    public const string EntitiesTask = "entities";
    public const string LabelsTask = "classify";

    public static OutputView OfVectors(float[][] vectors) => new("embed", [], [.. vectors.Take(OutputView.MaxItems)], vectors.Length);

    public static OutputView OfLabels(IReadOnlyList<LabelScore[]> labels) =>
        Of(LabelsTask, labels, label => label.Label, label => label.Score);

    /// <summary>An entity's label is its type and place, so that agreement means the same span.</summary>
    public static OutputView OfEntities(IReadOnlyList<IReadOnlyList<EntitySpan>> entities) =>
        Of(EntitiesTask, entities, entity => $"{entity.Type}@{entity.Start}+{entity.Length}", entity => entity.Score);

    /// <summary>The type in such a label.</summary>
    public static string TypeOf(string entity) => entity[..entity.LastIndexOf('@')];

    public static OutputView OfRanks(IReadOnlyList<RankedDocument> ranks) =>
        Of("rerank", [ranks], rank => $"{rank.Index}", rank => rank.Score);

    public static OutputView OfObjects(IReadOnlyList<IReadOnlyList<DetectedObject>> objects) =>
        Of("detect", objects, found => found.Label, found => found.Score);

    private static OutputView Of<T>(string task, IReadOnlyList<IReadOnlyList<T>> items, Func<T, string> label, Func<T, float> score) =>
        new(
            task,
            [
                .. items
                    .Take(OutputView.MaxItems)
                    .Select(item =>
                        (IReadOnlyList<ScoredLabel>)
                            [.. item.Take(OutputView.MaxLabels).Select(each => new ScoredLabel(label(each), score(each)))]
                    ),
            ],
            [],
            items.Sum(item => item.Count)
        );
}
