using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference.Serving;
using Serverless.Registry;
using Serverless.Rollout;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>Keeps in memory what the rollouts of the models in use name, so that a change of traffic meets versions that are loaded. Runs with the host.</summary>
internal sealed class RouteWarmer(RolloutTable routes, ModelServer models, ILogger<RouteWarmer> log) : BackgroundService
{
    private readonly ConcurrentDictionary<(string Environment, string Model), RoutePlan> _plans = new();
    private readonly SemaphoreSlim _changed = new(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        routes.Changed += Note;
        try
        {
            while (true)
            {
                await _changed.WaitAsync(stoppingToken);
                ModelVersion[] wanted = [.. _plans.Values.SelectMany(plan => plan.Versions.Select(version => new ModelVersion(plan.Model, version))).Distinct()];
                foreach ((ModelVersion version, ServingException fault) in await models.KeepWarmAsync(wanted, stoppingToken))
                    log.NotWarmed(version.Name, version.Version, fault.Message);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            routes.Changed -= Note;
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

    private void Note(RoutePlan plan)
    {
        _plans[(plan.Environment, plan.Model)] = plan;
        if (_changed.CurrentCount == 0) _changed.Release();
    }
}
