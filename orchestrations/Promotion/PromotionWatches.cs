using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout.Guards;
using Serverless.Storage;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// How the guardrails stood during the steps of promotions, kept among the reports of the version: a run's status has no room for it. A
/// step has one writer, its watch. Thread-safe.
/// </summary>
public sealed class PromotionWatches(ModelReports reports)
{
    private const int MaxBytes = 1 << 20;

    public async Task NoteAsync(PromotionTarget target, string step, GuardLook look, CancellationToken cancellationToken)
    {
        GuardSeries series = (await FindAsync(target, step, cancellationToken) ?? GuardSeries.Empty).Add(look);
        using Stream content = StoredJson.Write(series).ToStream();
        await reports.WriteAsync(VersionOf(target), NameOf(target, step), content, StoredJson.ContentType, cancellationToken);
    }

    /// <summary>Whether a plan has a step of that name in which the version is watched.</summary>
    public static bool Watches(PromotionPlan plan, string step) =>
        (plan.Shadow is not null && step == StepNames.PathOf(StepNames.Shadow))
        || plan.Canary.Any(canary => step == StepNames.PathOf(StepNames.Canary(canary)));

    /// <summary>Null where no traffic was looked at in a step of that name.</summary>
    public async Task<GuardSeries?> FindAsync(PromotionTarget target, string step, CancellationToken cancellationToken) =>
        await reports.ReadAsync(VersionOf(target), NameOf(target, step), MaxBytes, cancellationToken) is { } content
            ? StoredJson.Read<GuardSeries>(content)
            : null;

    private static ModelVersion VersionOf(PromotionTarget target) => new(target.Model, target.Version);

    private static string NameOf(PromotionTarget target, string step) => $"trials/{target.Promotion}-{step}.json";
}
