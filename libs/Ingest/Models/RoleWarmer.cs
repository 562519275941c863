using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Ingest.Models;

/// <summary>
/// Loads the models of all roles while the host starts, before any trigger fires. What cannot be loaded now is when it is asked.
/// </summary>
internal sealed class RoleWarmer(AnalysisModels models, ILogger<RoleWarmer> log) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (ModelRole role in Enum.GetValues<ModelRole>())
        {
            try
            {
                await models.ChooseAsync([role], asset: "", cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                log.RoleNotLoaded(role, e.Message);
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
