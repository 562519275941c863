using Serverless.Alerts.Rules;
using Serverless.Audit;
using Serverless.Cards;
using Serverless.Drift;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Releases;
using Serverless.Ingest.Models;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Serverless.Serving.Objectives;
using Serverless.Storage;
using Serverless.Validation.Golden;
using static Serverless.Functions.Azure.Cards.CardText;

namespace Serverless.Functions.Azure.Cards;

/// <summary>Sections of the system's card.</summary>
internal static class SystemSections
{
    public static CardSection Identity(CardOptions said, RegistryOptions registry) =>
        new(
            CardParts.Identity,
            "Identity",
            [
                Fact("Provider", said.Provider),
                Fact("Contact", said.Contact),
                Fact("Program", AppVersion.Current),
                Fact("Environments", List([.. registry.Environments])),
            ],
            []
        );

    public static CardSection Purpose(CardOptions said) =>
        new(CardParts.Purpose, "Purpose", [Fact("Intended purpose", said.IntendedPurpose)], []);

    public static CardSection Inputs(RolesOptions roles) =>
        new(
            CardParts.Inputs,
            "Inputs and outputs",
            [],
            [
                new CardTable(
                    "Models that look at uploads",
                    ["Role", "Models"],
                    [.. Enum.GetValues<ModelRole>().Select(role => (string?[])[$"{role}", List([.. roles.Of(role)]) ?? "none"])]
                ),
            ]
        );

    public static CardSection Data(Listed<GoldenPointer> golden) =>
        new(
            CardParts.Data,
            "Data",
            [.. golden.Faults.Select(fault => Fact("Corrupt", fault))],
            [
                new CardTable(
                    "Golden sets by which environments judge",
                    ["Environment", "Scope", "Items", "SHA-256", "Set by", "Since"],
                    [
                        .. golden
                            .Items.Take(MaxRows)
                            .Select(set => (string?[])[set.Environment, set.Scope, Number(set.Items), set.Digest, set.By, Time(set.At)]),
                    ]
                ),
            ]
        );

    public static CardSection Serving(IReadOnlyList<string?[]> rows, IEnumerable<string> environments) =>
        new(
            CardParts.Serving,
            "Models",
            [],
            [
                new CardTable(
                    "Models, by name; each version has a card of its own",
                    ["Model", "Task", "Versions", .. environments.Select(environment => $"Serves in {environment}"), "Looks at uploads as"],
                    [.. rows],
                    "none"
                ),
            ]
        );

    public static CardSection Oversight(IReadOnlyList<(string Environment, PromotionPlan Plan)> plans) =>
        new(
            CardParts.Oversight,
            "How a version comes to serve",
            [],
            [
                new CardTable(
                    "Plans, which a request can make stricter only",
                    ["Environment", "Validation", "Shadow", "Approvals", "Who may approve", "Canary steps"],
                    [
                        .. plans.Select(plan =>
                            (string?[])
                                [
                                    plan.Environment,
                                    plan.Plan.Validation ? "yes" : "no",
                                    plan.Plan.Shadow is { } shadow ? $"{Number(shadow.Share * 100)} % of requests copied" : "no",
                                    plan.Plan.Approval is { } approval ? Number(approval.Required) : "none",
                                    plan.Plan.Approval is null
                                        ? "nobody is asked"
                                        : List([.. plan.Plan.Approval.People]) ?? "anybody but who asked for the promotion",
                                    List([.. plan.Plan.Canary.Select(step => $"{Number(step.Weight * 100)} %")]) ?? "none",
                                ]
                        ),
                    ]
                ),
            ]
        );

    public static CardSection Monitoring(DriftOptions drift, ObjectiveOptions objectives, AlertRules rules) =>
        new(
            CardParts.Monitoring,
            "Monitoring",
            [
                Fact("Versions are checked for drift in", drift.Enabled ? List([.. drift.Environments]) : "no environment"),
                Fact("Window of a check", $"{drift.WindowHours} hours"),
                Fact(
                    "Models that are checked otherwise",
                    List([.. drift.Models.Keys.Order(StringComparer.Ordinal).Select(model => ScheduleOf(model, drift))]) ?? "none"
                ),
                Fact("An alarm is followed by", List([.. drift.FollowUps.Select(follow => $"{follow}")]) ?? "nothing"),
                Fact("Requests that must be answered", Number(objectives.Default.Availability)),
                Fact(
                    "Answers that must be in time",
                    $"{Number(objectives.Default.InTime)} within {Number(objectives.Default.LatencyMilliseconds)} ms"
                ),
                Fact("Revision of the alert rules", $"{rules.Revision}{(rules.By is { } by ? $", by {by}" : "")}"),
            ],
            [
                new CardTable(
                    "Alert rules",
                    ["Rule", "On", "Severity", "Limit"],
                    [
                        .. KnownRule
                            .All.Select(known => (known.Name, Rule: rules[known.Name]))
                            .Select(rule =>
                                (string?[])
                                    [
                                        rule.Name,
                                        rule.Rule.Enabled ? "yes" : "no",
                                        $"{rule.Rule.Severity}",
                                        rule.Rule.Limit is { } limit ? Number(limit) : "none",
                                    ]
                            ),
                    ]
                ),
            ]
        );

    private static string ScheduleOf(string model, DriftOptions drift) =>
        drift.ScheduleOf(model) is { Enabled: true } schedule ? $"{model}: {schedule.WindowHours} hours" : $"{model}: not by itself";

    public static CardSection Security(AccessOptions access, IReadOnlyList<(string Environment, bool IsDemanded)> signatures) =>
        new(
            CardParts.Security,
            "Access and integrity",
            [
                Fact("Keys with roles of their own", Number(access.Keys.Count)),
                Fact("Roles of any other key", access.OtherKeys is { Length: > 0 } roles ? roles : "none"),
                Fact("People are signed in by App Service authentication", access.EasyAuth ? "yes" : "no"),
            ],
            [
                new CardTable(
                    "Signatures of models",
                    ["Environment", "Demanded"],
                    [.. signatures.Select(one => (string?[])[one.Environment, one.IsDemanded ? "yes" : "no"])]
                ),
            ]
        );

    public static CardSection Records(AuditVerdict acts) =>
        new(
            CardParts.Records,
            "Records",
            [
                Fact("Records of acts, chained by hashes", Number(acts.Records)),
                Fact("The chain is whole", acts.Intact ? "yes" : $"no: {string.Join(" ", acts.Faults.Select(fault => fault.What))}"),
                Fact("Head of the chain", acts.Head),
            ],
            []
        );
}
