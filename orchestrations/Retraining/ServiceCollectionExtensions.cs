using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Storage;

namespace Serverless.Orchestrations.Retraining;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds retraining, on top of exports, the registry, validation and promotions.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRetraining(this IServiceCollection services, Action<RetrainingOptions>? configure = null)
    {
        RetrainingOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Retraining", options), ("Retraining:Head", options.Head));
        services.TryAddSingleton(options);
        services.TryAddSingleton<VersionTraining>();
        services.TryAddSingleton<LearnableRows>();
        return services;
    }
}
