using Serverless.Exports.Asks;
using Serverless.Exports.Rows;

namespace Serverless.Exports.Files;

/// <summary>The columns of an export: those that each has, and one for each feature and type of entity that was met.</summary>
internal static class ExportColumns
{
    public const string Id = "prediction_id";
    public const string Asset = "asset";
    public const string AssetVersion = "asset_version";
    public const string Moment = "moment";
    public const string Source = "source";
    public const string Kind = "input_kind";
    public const string Language = "language";
    public const string Text = "text";
    public const string Label = "label";
    public const string Target = "target";
    public const string Embedding = "embedding";

    public static IReadOnlyList<ExportColumn> Of(ExportPlan plan, ColumnNames features, ColumnNames entities) =>
        [
            ExportColumn.OfText(Id, "Names the prediction", row => row.Row.Id),
            ExportColumn.OfTime("time", "When it was answered, UTC", row => row.Row.Time),
            ExportColumn.OfText("arm", "Of the rollout", row => row.Row.Arm),
            ExportColumn.OfText(Source, "api or upload", row => row.Row.Source),
            ExportColumn.OfText(Asset, "Names the upload that was analysed", row => row.Row.Asset),
            ExportColumn.OfText(AssetVersion, "Which version of the upload it was", row => row.Row.AssetVersion ?? row.Facts?.Version),
            ExportColumn.Of(Moment, "Of a film's keyframe, its place in seconds", row => row.Row.Moment),
            ExportColumn.OfText("task", "What was asked for", row => row.Row.Task),
            ExportColumn.OfText(Kind, "text, image, video (a keyframe), pairs or tensors", row => row.Row.Kind),
            ExportColumn.Of("input_items", "Texts, images, documents or rows; other columns tell of the first", row => row.Row.Items),
            ExportColumn.Of("input_size", "Of all items: characters, bytes or elements", row => row.Row.Size),
            ExportColumn.OfText(Language, "As the caller stated it", row => row.Row.Language),
            ExportColumn.OfText(Text, "The beginning of the text, where it was captured", row => row.Row.Text),
            ExportColumn.OfText(Label, "What was answered", row => row.Row.Label),
            ExportColumn.Of("score", "Of the best answer", row => row.Row.Score),
            ExportColumn.Of("entropy", "Of the labels, in bits", row => row.Row.Entropy),
            ExportColumn.Of("output_count", "Entities, boxes, vectors, ranks or elements", row => row.Row.Count),
            ExportColumn.OfText("feedback_label", "What was reported as right", row => row.Report?.Label),
            ExportColumn.Of("feedback_value", "The outcome that was reported", row => row.Report?.Value),
            ExportColumn.Of("feedback_correct", "Whether the reported label is the answered one", row => row.Report?.Correct),
            ExportColumn.OfTime("feedback_time", "When it was reported, UTC", row => row.Report?.Time),
            ExportColumn.OfText(Target, "What to learn: the reported label", row => row.Target),
            .. features.All.Select(name =>
                ExportColumn.Of($"feature.{name}", "Of the input", row =>
                    row.Row.Features.TryGetValue(name, out double value) ? value : (double?)null
                )
            ),
            .. entities.All.Select(type =>
                ExportColumn.Of($"entities.{type}", "Entities of this type", row =>
                    row.Row.Entities.TryGetValue(type, out int count) ? count : (int?)null
                )
            ),
            .. plan.Analyses ? AssetFindings.Columns(plan.Redact.Count > 0) : [],
            .. plan.Embeddings
                ? [ExportColumn.OfVector(Embedding, "Of the input, of the share that was captured", row => row.Row.Vector)]
                : Array.Empty<ExportColumn>(),
        ];
}
