using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Ingest.Index;
using Serverless.Ingest.Searches;
using Serverless.Storage;

namespace Serverless.AzureSearch;

public static class ServiceCollectionExtensions
{
    /// <summary>To be called before the assets are added, whose own engine it takes the place of where the options say so.</summary>
    public static IServiceCollection AddSearchEngine(this IServiceCollection services, Action<SearchEngineOptions>? configure = null)
    {
        SearchEngineOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Search", options));
        if (options.Engine == SearchEngine.BuiltIn)
        {
            return services;
        }
        services.TryAddSingleton(options);
        services.TryAddSingleton(provider => new ServiceClient(options, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IAssetIndex, ServiceIndex>();
        services.TryAddSingleton<IAssetSearch, ServiceSearch>();
        return services;
    }
}
