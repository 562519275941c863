using Serverless.Cards;
using Serverless.Exports.Files;
using Serverless.Orchestrations.Retraining;
using Serverless.Packages;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>What the manifest tells, which never changes.</summary>
internal static class ManifestSections
{
    public static CardSection Identity(ModelManifest manifest) =>
        new(
            CardParts.Identity,
            "Identity",
            [
                Fact("Model", manifest.Name),
                Fact("Version", $"{manifest.Version}"),
                Fact("Package digest", manifest.Digest),
                Fact("Task", $"{manifest.Task}"),
                Fact("Licence", manifest.Licence),
                Fact("Size", Megabytes(manifest.TotalBytes)),
                Fact("Registered by", manifest.RegisteredBy),
                Fact("Registered at", Time(manifest.RegisteredAt)),
                Fact("Operator sets", List([.. manifest.Opsets.Select(set => $"{set.Key} {set.Value}")])),
            ],
            []
        );

    public static CardSection Purpose(ModelManifest manifest, PublisherWords? words) =>
        new(
            CardParts.Purpose,
            "Purpose",
            [Fact("Task", $"{manifest.Task}"), Fact("The publisher's model card", words?.File), Fact("Licence", manifest.Licence)],
            [],
            words
        );

    public static CardSection Inputs(ModelManifest manifest)
    {
        ModelProcessing processing = manifest.Processing;
        return new(
            CardParts.Inputs,
            "Inputs and outputs",
            [
                Fact("Tokenizer", processing.Tokenizer),
                Fact("Prompt before each text", processing.Prompt),
                Fact("Pooling", processing.Pooling),
                Fact("Image processor", processing.ImageProcessor),
                Fact("Scores by", processing.OutputFunction),
                Fact("Labels", List(processing.Labels) ?? (processing.LabelCount is { } count ? Number(count) : null)),
            ],
            [
                new CardTable(
                    "Tensors",
                    ["Name", "Kind", "Type", "Shape (-1: any)"],
                    [.. manifest.Inputs.Select(tensor => Row(tensor, "input")), .. manifest.Outputs.Select(tensor => Row(tensor, "output"))]
                ),
            ]
        );
    }

    public static CardSection Data(ModelManifest manifest, ExportCard? export)
    {
        ModelLineage lineage = manifest.Lineage;
        List<CardFact> facts =
        [
            Fact("Parent", lineage.BaseModel),
            Fact("Digest of the training data", lineage.DataDigest),
            Fact("Code of the trainer", lineage.CodeCommit),
            Fact("Training run", lineage.TrainingRun),
            Fact("Rows learnt from", Metric(manifest, TrainedRegistration.RowsMetric)),
        ];
        List<CardTable> tables =
        [
            new(
                "Labels learnt from",
                ["Label", "Rows"],
                [
                    .. manifest
                        .Metrics.Where(metric => metric.Key.StartsWith(TrainedRegistration.LabelPrefix, StringComparison.Ordinal))
                        .OrderBy(metric => metric.Key, StringComparer.Ordinal)
                        .Select(metric => (string[])[metric.Key[TrainedRegistration.LabelPrefix.Length..], Number(metric.Value)]),
                ]
            ),
        ];
        if (export is not null)
        {
            facts.AddRange([
                Fact("Export", $"{export.Name}/{export.Version}"),
                Fact("Of the predictions of", $"{export.Asked.Model}/{export.Asked.Version} in {export.Asked.Environment}"),
                Fact("From", Time(export.Asked.From)),
                Fact("Until", Time(export.Asked.Until)),
                Fact("Rows of the export", Number(export.Rows)),
                Fact("Rows with a reported label", Number(export.Counts.Labelled)),
                Fact("Masked types of entities", List(export.Redaction?.Types)),
                Fact("Left out", List([.. export.LeftOut.Select(reason => $"{reason.Key} {Number(reason.Value)}")])),
            ]);
            tables.Add(Counts("Languages of the export", "Language", export.Counts.Language));
            tables.Add(Counts("Sources of the export", "Source", export.Counts.Source));
        }
        return new(CardParts.Data, "Data and development", facts, tables);
    }

    public static CardSection Limits(ModelManifest manifest, FirstLoadReport? load) =>
        new(
            CardParts.Limits,
            "Limits",
            [
                Fact("Most tokens of a text", manifest.Processing.MaxTokens is { } tokens ? Number(tokens) : null),
                Fact("Memory at the first load", load is null ? null : Megabytes(load.PeakBytes)),
                Fact("First load and answer", load is null ? null : $"{Number(load.Milliseconds)} ms on {load.Provider}"),
            ],
            [
                new CardTable(
                    "Settings of the package that change answers and are not followed",
                    ["Setting"],
                    [.. manifest.Notes.Select(note => (string[])[note])],
                    "none"
                ),
            ]
        );

    private static string[] Row(TensorSpec tensor, string kind) =>
        [tensor.Name, kind, tensor.Datatype, tensor.Shape is null ? "any" : string.Join(" × ", tensor.Shape)];

    private static string? Metric(ModelManifest manifest, string name) =>
        manifest.Metrics.TryGetValue(name, out double value) ? Number(value) : null;

    private static CardTable Counts(string caption, string what, IReadOnlyDictionary<string, int> counts) =>
        new(
            caption,
            [what, "Rows"],
            [.. counts.OrderByDescending(count => count.Value).Take(MaxRows).Select(count => (string[])[count.Key, Number(count.Value)])]
        );
}
