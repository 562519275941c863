using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Rollout;

namespace Serverless.Serving;

/// <summary>
/// Loads what is configured to be kept warm when the host starts, and what a change of a model's traffic names before it takes effect.
/// Versions that share a model's traffic stay in memory while they do. Thread-safe; runs with the host.
/// </summary>
internal sealed class RouteWarmer(
    ModelServer models,
    PredictionOptions options,
    IHostApplicationLifetime host,
    TimeProvider time,
    ILogger<RouteWarmer> log
) : BackgroundService
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Environment, string Model), Needs> _needs = [];

    /// <summary>
    /// A <see cref="RoutePreparation"/>: ends once all versions are loaded, one of them cannot be, or callers have waited long enough for
    /// the change.
    /// </summary>
    public async Task PrepareAsync(RoutePlan? before, RoutePlan next)
    {
        // Both are needed until the change: where there is no room for both, the load fails, the change takes effect and makes the room.
        Keep(next, new Needs(next, before is null ? [] : [.. VersionsOf(before), .. VersionsOf(next)]));
        try
        {
            await WarmUpAsync(VersionsOf(next), host.ApplicationStopping).WaitAsync(options.LoadPatience, time, host.ApplicationStopping);
        }
        catch (TimeoutException)
        {
            log.StillLoading(next.Model, next.Environment, options.LoadPatience);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        finally
        {
            Settle(next);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => WarmUpAsync(models.Configured, stoppingToken);

    private async Task WarmUpAsync(IEnumerable<ModelVersion> versions, CancellationToken cancellationToken)
    {
        foreach ((ModelVersion version, ServingException fault) in await models.WarmUpAsync(versions, cancellationToken))
        {
            log.NotWarmed(version.Name, version.Version, fault.Message);
        }
    }

    /// <summary>A version that has the traffic alone is in memory because it is used, and makes room when it no longer is.</summary>
    private void Settle(RoutePlan plan)
    {
        lock (_gate)
        {
            if (_needs.GetValueOrDefault((plan.Environment, plan.Model))?.Plan != plan)
            {
                return; // a newer change is prepared for
            }
            Keep(plan, plan.Versions.Skip(1).Any() ? new Needs(plan, VersionsOf(plan)) : null);
        }
    }

    private void Keep(RoutePlan plan, Needs? needs)
    {
        lock (_gate)
        {
            if (needs is null)
            {
                _needs.Remove((plan.Environment, plan.Model));
            }
            else
            {
                _needs[(plan.Environment, plan.Model)] = needs;
            }
            models.KeepWarm(_needs.Values.SelectMany(need => need.Versions));
        }
    }

    private static ModelVersion[] VersionsOf(RoutePlan plan) => [.. plan.Versions.Select(version => new ModelVersion(plan.Model, version))];

    private sealed record Needs(RoutePlan Plan, ModelVersion[] Versions);
}
