using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Captures;
using Serverless.Registry;
using Serverless.Rollout.Experiments;
using Serverless.Rollout.Guards;
using Serverless.Storage;

namespace Serverless.Rollout;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the records and the table that predictors ask, on top of the stores, the registry and the captures that were added.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRollout(this IServiceCollection services, Action<RolloutOptions>? configure = null)
    {
        RolloutOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Rollout", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new RolloutStore(StoreOf(s), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<AliasLookup>(s =>
        {
            ModelAliases aliases = s.GetRequiredService<ModelAliases>();
            return async (environment, model, cancellationToken) =>
                (await aliases.FindAsync(environment, model, cancellationToken))?.Version;
        });
        services.AddSingleton(s =>
            RolloutGuard.Of(s.GetRequiredService<RolloutStore>(), s.GetRequiredService<RegistryOptions>().Environments)
        );
        services.TryAddSingleton<RoutePreparation>((_, _) => Task.CompletedTask); // of an app that loads no models
        services.TryAddSingleton<RolloutTable>();
        services.TryAddSingleton<CaptureTail>();
        services.TryAddSingleton<StablePastReader>();
        services.TryAddSingleton(s => new ExperimentStore(StoreOf(s), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ExperimentReader>();
        services.TryAddSingleton<ArmGuard>((_, _) => Task.FromResult<string?>(null)); // of an app that promotes nothing
        services.TryAddSingleton<ExperimentControl>();
        services.AddHostedService<RolloutRefresher>();
        return services;
    }

    private static IObjectStore StoreOf(IServiceProvider services) => services.GetRequiredService<RegistryStore>().Store;
}
