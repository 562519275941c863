using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Storage;
using Serverless.Training;

namespace Serverless.Orchestrations.Retraining;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds retraining, on top of exports, the registry, validation and promotions.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRetraining(this IServiceCollection services, Action<RetrainingOptions>? configure = null)
    {
        RetrainingOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Retraining", options));
        services.TryAddSingleton(options);
        services.TryAddSingleton(new TrainingOptions());
        services.TryAddSingleton<VersionTraining>();
        return services;
    }
}
