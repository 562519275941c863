using Serverless.Cards;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Releases;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Signatures;
using Serverless.Serving.Costs;
using Serverless.Serving.Objectives;
using Serverless.Validation.Golden;
using Serverless.Validation.Reports;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Sections of a model's card that change as it is validated, decided on, served and watched.</summary>
internal static class EvidenceSections
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
            [
                new CardTable(
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
                ),
                new CardTable(
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
                ),
                new CardTable(
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
                ),
                new CardTable(
                    "Probes of robustness",
                    ["Environment", "Probe", "Passed", "Found"],
                    [
                        .. validations.SelectMany(report =>
                            report.Probes.Select(probe =>
                                (string?[])[report.Environment, probe.Probe, probe.Passed ? "yes" : "no", probe.Found]
                            )
                        ),
                    ]
                ),
                new CardTable(
                    "Golden sets by which it is judged now",
                    ["Environment", "Scope", "Items", "SHA-256", "Set by", "Since"],
                    [.. golden.Select(set => (string?[])[set.Environment, set.Scope, Number(set.Items), set.Digest, set.By, Time(set.At)])]
                ),
            ]
        );

    public static CardSection Oversight(IReadOnlyList<HistoryRecord> records, IReadOnlyList<string> faults) =>
        new(
            CardParts.Oversight,
            "Approvals and rollouts",
            [.. faults.Select(fault => Fact("Corrupt", fault))],
            [
                new CardTable(
                    records.Count > MaxRows ? $"Decisions, the latest {MaxRows} of {records.Count}" : "Decisions",
                    ["When", "Environment", "What", "By", "Why"],
                    [
                        .. records
                            .OrderByDescending(record => record.At)
                            .Take(MaxRows)
                            .Select(record => (string?[])[Time(record.At), record.Environment, Say(record), record.By, record.Why]),
                    ]
                ),
            ]
        );

    public static CardSection Serving(IReadOnlyList<ModelAlias> aliases, IReadOnlyList<ObjectiveStanding> objectives) =>
        new(
            CardParts.Serving,
            "Serving",
            [Fact("Program", AppVersion.Current)],
            [
                new CardTable(
                    "Where it serves",
                    ["Environment", "Since", "By", "Why"],
                    [.. aliases.Select(alias => (string?[])[alias.Environment, Time(alias.At), alias.By, alias.Why])],
                    "nowhere"
                ),
                new CardTable(
                    "Objectives of the model, over three days",
                    ["Environment", "Objective", "Target", "Requests", "Bad", "Burning"],
                    [
                        .. objectives.Select(standing =>
                            (string?[])
                                [
                                    standing.Environment,
                                    standing.LatencyMilliseconds is { } limit ? $"answers within {Number(limit)} ms" : "requests answered",
                                    Number(standing.Target),
                                    Number(standing.Windows[^1].Requests),
                                    Number(standing.Windows[^1].Bad),
                                    standing.Windows.Any(window => window.IsBurning) ? "yes" : "no",
                                ]
                        ),
                    ]
                ),
            ]
        );

    public static CardSection Monitoring(IReadOnlyList<DriftReport> reports) =>
        new(
            CardParts.Monitoring,
            "Drift and feedback",
            [],
            [
                new CardTable(
                    "Checks for drift, the latest of each environment first",
                    ["Environment", "Window", "Verdict", "Predictions", "Alarms and shifts", "What followed"],
                    [.. reports.Take(MaxRows).Select(Row)]
                ),
                new CardTable(
                    "Quality by what people reported",
                    ["Environment", "Window", "Labelled", "Accuracy", "As validated"],
                    [
                        .. reports
                            .Where(report => report.Current.Quality is { Labelled: > 0 })
                            .Take(MaxRows)
                            .Select(report =>
                                (string?[])
                                    [
                                        report.Environment,
                                        Window(report),
                                        Number(report.Current.Quality!.Labelled),
                                        Of(report.Current.Quality.Accuracy),
                                        report.Quality is { } compared ? $"{Of(compared.Validated.Value)}: {compared.Verdict}" : null,
                                    ]
                            ),
                    ]
                ),
            ]
        );

    public static CardSection Security(ModelManifest manifest, IReadOnlyList<SignatureStanding> signatures) =>
        new(
            CardParts.Security,
            "Integrity",
            [
                Fact("Package digest, checked before each load", manifest.Digest),
                Fact("Files", Number(manifest.Files.Count)),
                Fact("Package signed by", manifest.Signature?.Signer),
                Fact("The publisher's signature", manifest.Signature is { } signed ? Say(signed) : null),
            ],
            [
                new CardTable(
                    "Signatures over the manifest",
                    ["Environment", "Demanded", "Valid one by a key of the environment"],
                    [
                        .. signatures.Select(standing =>
                            (string?[])
                                [
                                    standing.Environment,
                                    standing.IsDemanded ? "yes" : "no",
                                    standing.IsDemanded ? (standing.IsSigned ? "yes" : "no") : null,
                                ]
                        ),
                    ]
                ),
            ]
        );

    public static CardSection Records(
        IReadOnlyList<(string Environment, HistoryVerdict Verdict)> chains,
        IReadOnlyList<ReportEntry> reports
    ) =>
        new(
            CardParts.Records,
            "Records",
            [],
            [
                new CardTable(
                    "History of the model, chained by hashes",
                    ["Environment", "Records", "Whole", "Head"],
                    [
                        .. chains.Select(chain =>
                            (string?[])
                                [
                                    chain.Environment,
                                    Number(chain.Verdict.Records),
                                    chain.Verdict.Intact
                                        ? "yes"
                                        : $"no: {string.Join(" ", chain.Verdict.Faults.Select(fault => fault.What))}",
                                    chain.Verdict.Head,
                                ]
                        ),
                    ]
                ),
                new CardTable(
                    "Reports kept beside the package",
                    ["Report", "Bytes", "Written"],
                    [.. reports.Take(MaxRows).Select(entry => (string?[])[entry.Name, Number(entry.Bytes), Time(entry.At)])]
                ),
            ]
        );

    public static CardSection Cost(ModelCost? cost, string currency) =>
        new(
            CardParts.Cost,
            "Cost",
            [
                Fact("Of", "the process that wrote this card, since it started"),
                Fact("Predictions", cost is null ? null : Number(cost.Predictions)),
                Fact("Processor seconds", cost is null ? null : Number(cost.ProcessorSeconds)),
                Fact("GPU seconds", cost is null ? null : Number(cost.GpuSeconds)),
                Fact("Per 1,000 predictions", cost?.CostPerThousand is { } price ? $"{Number(price)} {currency}" : null),
            ],
            []
        );

    private static string?[] Row(DriftReport report)
    {
        string[] shifts =
        [
            .. report
                .Findings.Where(finding => finding.Verdict is DriftVerdict.Alarm or DriftVerdict.Shifted)
                .Select(finding => $"{finding.Feature} in {finding.Slice} by {Number(finding.Effect)}"),
        ];
        return
        [
            report.Environment,
            Window(report),
            $"{report.Verdict}",
            Number(report.Current.Answered),
            List(shifts, most: 10) ?? "none",
            List([.. report.Decisions.Select(decision => $"{decision.Action}{(decision.Done ? "" : " (not done)")}: {decision.Reason}")])
                ?? "nothing",
        ];
    }

    private static string Window(DriftReport report) => $"{Time(report.Current.From)} to {Time(report.Current.Until)}";

    private static string Say(PackageSignature signature) =>
        signature.IsVerified
            ? $"by a {signature.Method} that is trusted; verified when it was registered"
            : $"by a {signature.Method} of somebody whom nobody here knows; the files are those that were signed";

    private static string Say(HistoryRecord record) =>
        record.Event switch
        {
            HistoryEvent.Noted => "noted",
            HistoryEvent.Withdrawn => $"withdrawn, from version {record.From}",
            _ => $"{record.Event.ToString().ToLowerInvariant()} to version {record.Version}"
                + (record.From is { } from ? $" from {from}" : ""),
        };
}
