using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;
using Serverless.Orchestrations.Exports;

namespace Serverless.Orchestrations.Retraining;

/// <summary>
/// Whether there is anything to learn from, said before a retraining begins. Our own trainer needs vectors, another needs labels alone.
/// Thread-safe.
/// </summary>
public sealed class LearnableRows(ExportProbe probe, RetrainingOptions options)
{
    private bool NeedsVectors => options.Command.Count == 0;

    /// <summary>What is missing of an export that is to be made; null where nothing is, or too much would have to be read.</summary>
    public async Task<string?> FindLackAsync(ExportInput wanted, CancellationToken cancellationToken)
    {
        ExportPlan plan = wanted.Plan;
        ExportOutlook outlook = await probe.LookAsync(plan, wanted.FeedbackUntil, cancellationToken);
        string where = $"'{plan.Model}' version {plan.Version} in {plan.Environment} from {plan.From:u} to {plan.Until:u}";
        return !outlook.IsWhole ? null
            : !outlook.HasLabel
                ? $"Nobody has labelled a captured prediction of {where}, as far as was reported until {wanted.FeedbackUntil:u}; "
                    + "a version learns from labelled ones."
            : NeedsVectors && !outlook.HasVector
                ? $"No vector was captured of {where}; our own trainer learns from vectors, which embedding models have and "
                    + "Captures:EmbeddingShare captures."
            : null;
    }

    /// <summary>What is missing of an export that there is.</summary>
    public string? FindLack(ExportCard card) =>
        card.Counts.Labelled == 0 ? $"Export '{card.Name}' of version '{card.Version}' has no labelled row among {card.Rows}."
        : NeedsVectors && card.Counts.WithVector == 0
            ? $"Export '{card.Name}' of version '{card.Version}' has no row with a vector among {card.Rows}."
        : null;
}
