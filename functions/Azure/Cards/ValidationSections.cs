using Serverless.Cards;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>The section of a model's card that tells how it was validated, and by what it is judged.</summary>
internal static class ValidationSections
{
    public static CardSection Performance(
        ModelManifest manifest,
        IReadOnlyList<ValidationReport> validations,
        IReadOnlyList<GoldenPointer> golden,
        MeasuredLatency? latency
    ) =>
        new(
            CardParts.Performance,
            "Performance",
            [
                Fact("Metrics as the publisher measured them", List([.. manifest.Metrics.Select(m => $"{m.Key} {Number(m.Value)}")])),
                Fact(
                    "Time of single answers",
                    latency is null
                        ? null
                        : $"p50 {Number(latency.P50Milliseconds)} ms, p95 {Number(latency.P95Milliseconds)} ms on {latency.Host}, "
                            + Time(latency.At)
                ),
            ],
            [Validations(validations), Metrics(validations), Slices(validations), Probes(validations), GoldenSets(golden)]
        );

    private static CardTable Validations(IReadOnlyList<ValidationReport> validations) =>
        new(
            "Latest validation for each environment",
            ["Environment", "When", "Verdict", "Golden set", "Gates not passed"],
            [
                .. validations.Select(report =>
                    (string?[])
                        [
                            report.Environment,
                            Time(report.At),
                            report.Passed ? "passed" : "refused",
                            report.Golden is { } set ? $"{set.Scope}, {set.Items} items, {set.Digest[..12]}" : "none",
                            List([.. report.Gates.Where(gate => !gate.Passed).Select(gate => gate.Name)]) ?? "none",
                        ]
                ),
            ]
        );

    private static CardTable Metrics(IReadOnlyList<ValidationReport> validations) =>
        new(
            "Metrics on the golden set, with their intervals",
            ["Environment", "Metric", "This version", "What served", "Threshold"],
            [
                .. validations.SelectMany(report =>
                    report.Metrics.Select(metric =>
                        (string?[])
                            [
                                report.Environment,
                                metric.Name,
                                Of(metric.Candidate),
                                report.Serving is null ? "no other version" : Of(metric.Serving),
                                metric.Threshold > 0 ? Number(metric.Threshold) : "none",
                            ]
                    )
                ),
            ]
        );

    private static CardTable Slices(IReadOnlyList<ValidationReport> validations) =>
        new(
            "By slice, compared with what served",
            ["Environment", "Slice", "Items", "This version", "Difference", "Judged"],
            [
                .. validations.SelectMany(report =>
                    report.Slices.Select(slice =>
                        (string?[])
                            [
                                report.Environment,
                                $"{slice.Field}: {slice.Value}",
                                Number(slice.Items),
                                Number(slice.Candidate),
                                Of(slice.Difference),
                                slice.Worse ? "worse"
                                : slice.Judged ? "not worse"
                                : "too few items",
                            ]
                    )
                ),
            ]
        );

    private static CardTable Probes(IReadOnlyList<ValidationReport> validations) =>
        new(
            "Probes of robustness",
            ["Environment", "Probe", "Passed", "Found"],
            [
                .. validations.SelectMany(report =>
                    report.Probes.Select(probe => (string?[])[report.Environment, probe.Probe, probe.Passed ? "yes" : "no", probe.Found])
                ),
            ]
        );

    private static CardTable GoldenSets(IReadOnlyList<GoldenPointer> golden) =>
        new(
            "Golden sets by which it is judged now",
            ["Environment", "Scope", "Items", "SHA-256", "Set by", "Since"],
            [.. golden.Select(set => (string?[])[set.Environment, set.Scope, Number(set.Items), set.Digest, set.By, Time(set.At)])]
        );
}
