using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Serverless.Local.Durable;

/// <summary>Registers the storage provider.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>Adds the Durable Functions storage provider "sqlite". Register it beside the Durable extension of the job host.</summary>
    public static IServiceCollection AddSqliteDurability(
        this IServiceCollection services,
        Action<SqliteDurabilityOptions>? configure = null
    )
    {
        services.AddOptions<SqliteDurabilityOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IDurabilityProviderFactory, SqliteDurabilityProviderFactory>());
        return services;
    }
}
