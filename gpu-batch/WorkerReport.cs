using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Ingest.Health;

namespace Serverless.GpuBatch;

/// <summary>
/// Says at an interval that this worker lives, and what it has in hand; takes that back when it ends in good order. What keeps it from
/// doing so delays no job.
/// </summary>
internal sealed class WorkerReport(
    MemberReports reports,
    WorkerOptions options,
    GpuBatchMeter meter,
    TimeProvider time,
    ILogger<WorkerReport> log
) : BackgroundService
{
    private static readonly TimeSpan WriteLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LastWriteLimit = TimeSpan.FromSeconds(2);

    private volatile IReadOnlyList<JobInHand> _jobs = [];

    /// <summary>What the next report says.</summary>
    public void Take(IReadOnlyList<JobInHand> jobs) => _jobs = jobs;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryAsync(token => reports.RemoveAsync(options.Name, token), LastWriteLimit, CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset started = time.GetUtcNow();
        await TryAsync(reports.RemoveForgottenAsync, WriteLimit, cancellationToken);
        while (!cancellationToken.IsCancellationRequested)
        {
            ReportedMember me = new(options.Name, started, Jobs: _jobs);
            bool isWritten = await TryAsync(
                token => reports.WriteAsync(options.Name, options.ReportEvery, [me], token),
                WriteLimit,
                cancellationToken
            );
            meter.Reported(isWritten);
            await Task.Delay(options.ReportEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, TimeSpan within, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(within, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await act(either.Token);
            return true;
        }
        catch (Exception e)
        {
            if (!cancellationToken.IsCancellationRequested)
            {
                log.NotReported(limit.IsCancellationRequested ? $"no answer within {within.TotalSeconds:0} s" : e.Message);
            }
            return false;
        }
    }
}
