using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Packages;
using Serverless.Registry.Shared;
using Serverless.Registry.Signatures;
using Serverless.Storage;

namespace Serverless.Registry;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the registry over one of the stores of AddStorage: versions, their verified copies, signatures and reports, aliases and their
    /// history.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddRegistry(this IServiceCollection services, Action<RegistryOptions>? configure = null)
    {
        RegistryOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Registry", options));
        _ = options.FollowKeys(current => current); // a file that is wrong is told of at the start
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new RegistryStore(
            s.GetServices<IObjectStore>().FirstOrDefault(store => store.Name == options.Store)
                ?? throw new ArgumentException($"Registry:Store is '{options.Store}', which is not among the configured stores.")
        ));
        services.TryAddSingleton(s => new HistoryWriter(StoreOf(s), TimeOf(s)));
        services.TryAddSingleton(s => new ModelRegistry(
            StoreOf(s),
            options,
            TimeOf(s),
            s.GetServices<PackageGuard>(),
            s.GetService<LoadTrial>()
        ));
        services.TryAddSingleton(s => new SharedRegistry(
            options.Shared.Store is { IsConfigured: true } shared ? new AzureObjectStore(shared) : null,
            StoreOf(s),
            options,
            TimeOf(s)
        ));
        services.TryAddSingleton(s => new FirstLoadReports(StoreOf(s)));
        services.TryAddSingleton(s => new PackageIntake(s.GetServices<IObjectStore>(), options, TimeOf(s)));
        services.TryAddSingleton(s => new ModelReports(StoreOf(s), s.GetRequiredService<ModelRegistry>()));
        services.TryAddSingleton(s => new VersionSignatures(StoreOf(s), options, TimeOf(s)));
        services.TryAddSingleton(s => new PackageCache(
            StoreOf(s),
            s.GetRequiredService<ModelRegistry>(),
            s.GetRequiredService<VersionSignatures>(),
            options,
            TimeOf(s)
        ));
        services.TryAddSingleton(s => new DeploymentHistory(
            options,
            s.GetRequiredService<HistoryWriter>(),
            s.GetRequiredService<ModelRegistry>()
        ));
        services.TryAddSingleton(s => new VersionDeletion(
            StoreOf(s),
            options,
            TimeOf(s),
            s.GetRequiredService<DeploymentHistory>(),
            s.GetServices<VersionGuard>()
        ));
        services.TryAddSingleton(s => new ModelAliases(
            StoreOf(s),
            options,
            s.GetRequiredService<ModelRegistry>(),
            s.GetRequiredService<VersionSignatures>(),
            s.GetRequiredService<HistoryWriter>(),
            s.GetRequiredService<DeploymentHistory>()
        ));
        return services;
    }

    private static IObjectStore StoreOf(IServiceProvider services) => services.GetRequiredService<RegistryStore>().Store;

    private static TimeProvider TimeOf(IServiceProvider services) => services.GetRequiredService<TimeProvider>();
}
