using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;

namespace Serverless.Ingest.Metrics;

/// <summary>
/// Looks at ledgers and queues for the gauges every 30 seconds while somebody collects them, be it a scrape or an export: an idle system
/// asks no store anything. The looks are those that pages and health share.
/// </summary>
internal sealed class IngestLook(IngestGauges gauges, PipelineHealth health, LedgerViews views, TimeProvider time, ILogger<IngestLook> log)
    : BackgroundService
{
    internal static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await gauges.WaitUntilCollectedAsync(cancellationToken);
            await LookAsync(cancellationToken);
            await Task.Delay(Every, time, cancellationToken);
        }
    }

    /// <summary>Where a store does not answer, what was seen last is told until it is too old.</summary>
    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            gauges.Show(await health.TakeAsync(cancellationToken));
            gauges.Show(await views.CountAsync(cancellationToken));
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.NotMeasured(e.Message);
        }
    }
}
