using Microsoft.Extensions.Hosting;

namespace Serverless.Rollout;

/// <summary>Keeps the <see cref="RolloutTable"/> of a host up to date.</summary>
internal sealed class RolloutRefresher(RolloutTable table, RolloutOptions options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.RefreshEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await table.RefreshAsync(stoppingToken);
        }
    }
}
