using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Promotion;

namespace Serverless.Orchestrations.Retraining;

/// <param name="Export">The export to be made; null where one that there is is named.</param>
/// <param name="ExportName">Of the export that there is.</param>
/// <param name="Into">The model of which a new version is trained.</param>
/// <param name="Seed">Of all that is drawn by chance; the same export and seed give the same version.</param>
/// <param name="Target">The environment that the version is promoted to.</param>
/// <param name="Plan">The way into it, up to the approval of people and on.</param>
/// <param name="ById">As <see cref="PromotionInput.RequestedById"/>.</param>
public sealed record RetrainInput(
    ExportInput? Export,
    string? ExportName,
    string? ExportVersion,
    string Into,
    int Seed,
    string Target,
    PromotionPlan Plan,
    string By,
    DateTimeOffset At,
    string? ById = null
);

/// <summary>What the run shows of itself, and what it ends with.</summary>
/// <param name="Stage">"exporting", "training", "validating", "promoting", "promotionStarted" or "refused".</param>
/// <param name="Version">The one that was trained.</param>
/// <param name="ReportPath">Of the validation.</param>
/// <param name="Promotion">The run that takes the version into the environment; people decide there.</param>
/// <param name="Problem">Why it ended before that.</param>
public sealed record RetrainStatus(
    string Stage,
    string? ExportName = null,
    string? ExportVersion = null,
    int? Version = null,
    string? ReportPath = null,
    string? Promotion = null,
    string? Problem = null
)
{
    public const string Refused = "refused";
    public const string PromotionStarted = "promotionStarted";
}

/// <param name="Run">Of the retraining; the key.</param>
public sealed record TrainInput(string Run, string ExportName, string ExportVersion, string Into, int Seed, string By);

/// <param name="Version">Null where there is none.</param>
public sealed record TrainedVersion(int? Version, string? Problem);

/// <param name="Id">Of the promotion; the key.</param>
public sealed record TrainedPromotion(string Id, PromotionInput Promotion);
