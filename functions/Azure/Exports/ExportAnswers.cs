using Serverless.Exports.Asks;
using Serverless.Exports.Files;

namespace Serverless.Functions.Azure.Exports;

/// <param name="Run">Where its status is; once it is completed, its custom status names the export's version.</param>
internal sealed record ExportRunAnswer(string Id, string Run, ExportPlan Asked, DateTimeOffset FeedbackUntil);

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
