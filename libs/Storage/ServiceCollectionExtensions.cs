using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Serverless.Storage;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds an <see cref="IObjectStore"/> per configured store (also by its type), and by the name of the queue as service
    /// key <see cref="AzureWorkQueue"/> and <see cref="S3WorkQueue"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, Action<StorageOptions>? configure = null)
    {
        StorageOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Storage:Azure", options.Azure), ("S3", options.S3));
        services.TryAddSingleton(TimeProvider.System);
        if (options.Azure.IsConfigured)
        {
            services.TryAddSingleton(_ => new AzureObjectStore(options.Azure));
            services.AddSingleton<IObjectStore>(s => s.GetRequiredService<AzureObjectStore>());
            services.TryAddKeyedSingleton(KeyedService.AnyKey, (_, name) => new AzureWorkQueue(options.Azure, (string)name!));
        }
        if (options.S3.IsConfigured)
        {
            services.TryAddSingleton(s => new S3ObjectStore(options.S3, s.GetRequiredService<TimeProvider>()));
            services.AddSingleton<IObjectStore>(s => s.GetRequiredService<S3ObjectStore>());
            services.TryAddKeyedSingleton(KeyedService.AnyKey, (s, prefix) =>
                new S3WorkQueue(s.GetRequiredService<S3ObjectStore>(), (string)prefix!, s.GetRequiredService<TimeProvider>())
            );
        }
        return services;
    }
}
