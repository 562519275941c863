using Microsoft.Azure.Functions.Worker;
using Serverless.Exports;
using Serverless.Exports.Files;

namespace Serverless.Orchestrations.Exports;

/// <param name="Run">By which it is told how far it has come.</param>
public sealed record ExportWork(ExportInput Input, string Run);

/// <summary>Writes an export, within the time that the host gives one function. Its key is the plan.</summary>
public sealed class WriteExport(Exporter exporter, ExportProgressLog progress)
{
    [Function(nameof(WriteExport))]
    public async Task<ExportStatus> RunAsync([ActivityTrigger] ExportWork work, CancellationToken cancellationToken)
    {
        ExportInput input = work.Input;
        try
        {
            ExportCard card = await exporter.RunAsync(
                input.Plan,
                input.FeedbackUntil,
                input.By,
                progress.Begin(work.Run, cancellationToken),
                cancellationToken
            );
            return new ExportStatus(ExportStatus.Completed, card.Version, card.Rows, card.Sha256);
        }
        catch (ExportTooLargeException e)
        {
            return new ExportStatus(ExportStatus.Refused, Problem: e.Message);
        }
        finally
        {
            await progress.EndAsync(work.Run, CancellationToken.None);
        }
    }
}
