using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Serverless.Ingest.Models;

/// <summary>Loads the models of all roles once the host has started, so that few uploads wait for it. Nothing else waits.</summary>
internal sealed class RoleWarmer(AnalysisModels models, ILogger<RoleWarmer> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (ModelRole role in Enum.GetValues<ModelRole>())
        {
            try
            {
                await models.ChooseAsync([role], asset: null, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                log.RoleNotLoaded(role, e.Message);
            }
        }
    }
}
