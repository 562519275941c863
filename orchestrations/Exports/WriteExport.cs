using Microsoft.Azure.Functions.Worker;
using Serverless.Exports;
using Serverless.Exports.Files;

namespace Serverless.Orchestrations.Exports;

/// <summary>Writes an export, within the time that the host gives one function. Its key is the plan.</summary>
public sealed class WriteExport(Exporter exporter)
{
    [Function(nameof(WriteExport))]
    public async Task<ExportStatus> RunAsync([ActivityTrigger] ExportInput input, CancellationToken cancellationToken)
    {
        try
        {
            ExportCard card = await exporter.RunAsync(input.Plan, input.FeedbackUntil, input.By, cancellationToken);
            return new ExportStatus(ExportStatus.Completed, card.Version, card.Rows, card.Sha256);
        }
        catch (ExportTooLargeException e)
        {
            return new ExportStatus(ExportStatus.Refused, Problem: e.Message);
        }
    }
}
