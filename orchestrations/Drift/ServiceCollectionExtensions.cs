using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Drift;
using Serverless.Orchestrations.Drift.Following;
using Serverless.Orchestrations.Drift.Validations;

namespace Serverless.Orchestrations.Drift;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds checks for drift and what follows from them, on top of captures, rollouts, promotions and alerts.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddDriftChecks(this IServiceCollection services, Action<DriftOptions>? configure = null)
    {
        services.AddDrift(configure);
        services.TryAddSingleton<DriftWatch>();
        services.TryAddSingleton<ValidatedVersions>();
        services.TryAddSingleton<GoldenTraffic>();
        services.TryAddSingleton<DriftActions>();
        services.TryAddSingleton<DriftRollback>();
        services.TryAddSingleton<DriftRetraining>();
        services.TryAddSingleton<DriftShadows>();
        services.TryAddSingleton<DriftFollowing>();
        return services;
    }
}
