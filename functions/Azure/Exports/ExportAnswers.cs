using Serverless.Exports;
using Serverless.Exports.Asks;
using Serverless.Exports.Files;

namespace Serverless.Functions.Azure.Exports;

/// <param name="Run">Where its status is; once it is completed, its custom status names the export's version.</param>
internal sealed record ExportRunAnswer(string Id, string Run, ExportPlan Asked, DateTimeOffset FeedbackUntil);

/// <param name="Stage">"starting", "writing", "completed", "refused" or "failed".</param>
/// <param name="Progress">While it is written.</param>
/// <param name="Version">Of the export, once it is completed.</param>
internal sealed record ExportProgressAnswer(string Id, string Stage, ExportProgress? Progress, string? Version, int? Rows, string? Problem);

/// <summary>An export in one line.</summary>
internal sealed record ExportLine(
    string Name,
    string Version,
    string Model,
    int ModelVersion,
    string Environment,
    DateTimeOffset From,
    DateTimeOffset Until,
    int Rows,
    int Labelled,
    long Bytes,
    string CreatedBy,
    DateTimeOffset Created
)
{
    public static ExportLine Of(ExportCard card) =>
        new(
            card.Name,
            card.Version,
            card.Asked.Model,
            card.Asked.Version,
            card.Asked.Environment,
            card.Asked.From,
            card.Asked.Until,
            card.Rows,
            card.Counts.Labelled,
            card.Bytes,
            card.CreatedBy,
            card.Created
        );
}
