using Serverless.Packages;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using Serverless.Validation.Trials;

namespace Serverless.Validation.Judging;

/// <summary>The items that explain a loss: those the candidate answers worse than what serves, the worst first.</summary>
internal static class WorseItems
{
    public static IEnumerable<WorseItem> Find(
        ModelTask task,
        IReadOnlyList<GoldenItem> golden,
        IReadOnlyList<ItemAnswer> candidate,
        IReadOnlyList<ItemAnswer> serving,
        GoldenScore score
    ) =>
        Enumerable
            .Range(0, golden.Count)
            .Select(i =>
                (
                    Item: golden[i],
                    Candidate: candidate[i],
                    Serving: serving[i],
                    Loss: score.ValueOf(task, golden, i, serving[i]) - score.ValueOf(task, golden, i, candidate[i])
                )
            )
            .Where(i => i.Loss > 1e-9)
            .OrderByDescending(i => i.Loss)
            .Select(i => new WorseItem(i.Item.Id, Wanted(task, i.Item), Say(task, i.Item, i.Candidate), Say(task, i.Item, i.Serving)));

    private static string Wanted(ModelTask task, GoldenItem item) =>
        task switch
        {
            ModelTask.TokenClassification => Say(item, item.Entities!),
            ModelTask.ObjectDetection => string.Join(", ", item.Boxes!.Select(b => b.Label)),
            _ when item.Label is not null => item.Label,
            _ when item.Vector is not null => "the reference",
            _ => "the relevant first",
        };

    private static string Say(ModelTask task, GoldenItem item, ItemAnswer answer) =>
        answer switch
        {
            { Fault: not null } => "no answer",
            { Entities: { } entities } => Say(item, entities),
            { Boxes: { } boxes } => string.Join(", ", boxes.Select(b => b.Box.Label)),
            { Cosine: { } cosine } => $"cosine {cosine:0.000}",
            { Scores: not null } => $"nDCG {GoldenScore.For(task, [item])[0].Of([answer]).Evaluate():0.000}",
            _ => answer.Label ?? "none",
        };

    private static string Say(GoldenItem item, IReadOnlyList<GoldenSpan> spans) =>
        spans.Count == 0
            ? "none"
            : string.Join(
                ", ",
                spans.Select(s => $"{s.Type} {(s.Start + s.Length <= item.Text!.Length ? item.Text.Substring(s.Start, s.Length) : "?")}")
            );
}
