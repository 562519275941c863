using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Drift;

namespace Serverless.Orchestrations.Drift;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds checks for drift and what follows from them, on top of captures, rollouts, promotions and alerts.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddDriftChecks(this IServiceCollection services, Action<DriftOptions>? configure = null)
    {
        services.AddDrift(configure);
        services.TryAddSingleton<DriftWatch>();
        services.TryAddSingleton<DriftFollowing>();
        return services;
    }
}
