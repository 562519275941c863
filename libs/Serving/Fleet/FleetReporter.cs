using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Storage;

namespace Serverless.Serving.Fleet;

/// <summary>
/// Tells the other processes what this one has counted: one object of its own, every 15 seconds where anything changed, and once more
/// when it stops. A process that answers nothing writes nothing.
/// </summary>
internal sealed class FleetReporter(
    IObjectStore store,
    ServingTally tally,
    CaptureWriter captures,
    Func<ModelTime> spent,
    TimeProvider time,
    ILogger<FleetReporter> log
) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly string _process = Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private BinaryData? _told;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TellAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await TellAsync(stoppingToken);
        }
    }

    internal async Task TellAsync(CancellationToken cancellationToken)
    {
        CaptureLine[] records =
        [
            .. Enum.GetValues<CaptureKind>()
                .Select(kind => new CaptureLine(kind, captures.CountsOf(kind)))
                .Where(line => line.Counts.Requests > 0),
        ];
        BinaryData report = StoredJson.Write(new FleetReport(_process, _since, tally.Lines, records, spent()));
        if (
            (tally.Lines.Count == 0 && records.Length == 0)
            || report.ToMemory().Span.SequenceEqual(_told is null ? [] : _told.ToMemory().Span)
        )
        {
            return;
        }
        try
        {
            using Stream body = report.ToStream();
            await store.WriteAsync(
                $"{FleetReport.Prefix}{_process}.json",
                body,
                WriteCondition.Always,
                StoredJson.ContentType,
                cancellationToken
            );
            _told = report;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.FleetNotTold(e.Message);
        }
    }
}
