using System.Collections.Frozen;

namespace Serverless.Alerts.Rules;

/// <summary>A rule that the program knows, and as what it stands until somebody says otherwise.</summary>
/// <param name="LimitMeans">What the limit counts, with its unit; null of a rule that others judge by.</param>
public sealed record KnownRule(string Name, string Means, AlertRule Default, string? LimitMeans = null, double Most = double.MaxValue)
{
    /// <summary>Looks come every 15 seconds: with its limit of 30 a worker that stopped is told of in under a minute.</summary>
    public static IReadOnlyList<KnownRule> All { get; } =
    [
        new("drift", "Inputs or outputs of a model differ from what it was compared with.", Rule(AlertSeverity.Warning)),
        new("quality", "A model's answers are worse than they should be, by outcomes or by a golden set.", Rule(AlertSeverity.Warning)),
        new(
            "errorShare",
            "Requests to a model fail.",
            Rule(AlertSeverity.Critical, 0.05, @for: 2, resolveAfter: 5),
            "share of the requests of a minute that failed, of 20 or more, from 0 to 1",
            Most: 1
        ),
        new(
            "latency",
            "A model answers slowly.",
            Rule(AlertSeverity.Warning, 2_000, @for: 5, resolveAfter: 5),
            "milliseconds that answers of a minute took in the mean, of 20 or more"
        ),
        new(
            "backlogAge",
            "Jobs wait and no worker takes them.",
            Rule(AlertSeverity.Critical, 30, resolveAfter: 0.5),
            "seconds that a job waits while none is worked on; while some are, it is Health:StuckAfter"
        ),
        new(
            "quarantineRate",
            "Many uploads cannot be analysed.",
            Rule(AlertSeverity.Warning, 0.2, resolveAfter: 10),
            "share of the results of the last hour that are quarantined, of 20 or more, from 0 to 1",
            Most: 1
        ),
        new(
            "missingAssets",
            "Uploads have come to no result and are not worked on.",
            Rule(AlertSeverity.Warning, 0, @for: 10),
            "uploads that are missing and not in progress"
        ),
        new(
            "captureLoss",
            "Records of predictions are lost.",
            Rule(AlertSeverity.Warning, 0.01, resolveAfter: 10),
            "share of the records of a minute that were dropped or failed, of 20 or more, from 0 to 1",
            Most: 1
        ),
        new(
            "cost",
            "Models cost more than they may.",
            Rule(AlertSeverity.Warning, @for: 10, resolveAfter: 10),
            "Prices:Currency that the models of all processes cost an hour, by the last minute; nothing is told without one"
        ),
        new("burnFast", "The error budget of an objective burns so fast that it will not last the month.", Rule(AlertSeverity.Critical)),
        new("burnSlow", "The error budget of an objective burns faster than it may, for days.", Rule(AlertSeverity.Warning)),
        new("stuckRun", "An upload has come to no result for longer than Health:StuckAfter.", Rule(AlertSeverity.Warning)),
        new(
            "failedRuns",
            "Runs of an orchestration failed.",
            Rule(AlertSeverity.Warning, 0, resolveAfter: 10),
            "runs of an orchestration that failed in the last hour"
        ),
        new("haltedRun", "A run does nothing and waits for nothing.", Rule(AlertSeverity.Warning)),
        new("slowActivity", "A run waits for an activity for longer than Watch:ActivityLimit.", Rule(AlertSeverity.Warning)),
        new("lostJob", "A job for gpu-batch is in no queue and in no worker's hand.", Rule(AlertSeverity.Warning, resolveAfter: 1)),
        new("health", "Something is away, stopped or keeps ending.", Rule(AlertSeverity.Critical, @for: 1, resolveAfter: 1)),
    ];

    private static readonly FrozenDictionary<string, KnownRule> ByName = All.ToFrozenDictionary(rule => rule.Name);

    public static bool IsKnown(string name) => ByName.ContainsKey(name);

    /// <exception cref="ArgumentException">There is no such rule.</exception>
    public static KnownRule Named(string name) =>
        ByName.TryGetValue(name, out KnownRule? rule)
            ? rule
            : throw new ArgumentException(
                $"The rule is '{name}'; known are {string.Join(", ", All.Select(one => one.Name))}.",
                nameof(name)
            );

    /// <param name="for">In minutes.</param>
    /// <param name="resolveAfter">In minutes.</param>
    private static AlertRule Rule(AlertSeverity severity, double? limit = null, double @for = 0, double resolveAfter = 0) =>
        new(
            Enabled: true,
            severity,
            limit,
            TimeSpan.FromMinutes(@for),
            TimeSpan.FromMinutes(resolveAfter),
            RepeatAfter: null,
            AlertRoutes.Default
        );
}
