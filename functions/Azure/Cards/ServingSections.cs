using Serverless.Cards;
using Serverless.Drift.Checks;
using Serverless.Functions.Azure.Releases;
using Serverless.Registry;
using Serverless.Serving.Costs;
using Serverless.Serving.Objectives;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Sections of a model's card that change while it serves: where it does and how well, what was watched, what it costs.</summary>
internal static class ServingSections
{
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
}
