using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>Keeps the index of runs complete, true and small.</summary>
public sealed class KeepRunIndexFunction(RunFill fill, RunSweep sweep, RunKeeping keeping, RunIndex index, RunGauges gauges)
{
    /// <summary>At its first look in a new run store there is nothing to fill, which it notes. What there is then is measured.</summary>
    [Function("FillRunIndex")]
    public async Task FillAsync(
        [TimerTrigger("10 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await fill.FillAsync(client, cancellationToken);
        await gauges.LookAsync(index, cancellationToken);
    }

    [Function("SweepRuns")]
    public Task SweepAsync(
        [TimerTrigger("40 * * * * *")] TimerInfo timer,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => sweep.SweepAsync(client, cancellationToken);

    [Function("KeepRunIndex")]
    public Task KeepAsync([TimerTrigger("25 */15 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        keeping.KeepAsync(cancellationToken);
}
