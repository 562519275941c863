using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Captures;
using Serverless.Storage;

namespace Serverless.Exports;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds exports of captures, on the Azure store and the captures that were added before.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddExports(this IServiceCollection services, Action<ExportsOptions>? configure = null)
    {
        ExportsOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Exports", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new ExportStore(s.GetRequiredService<AzureObjectStore>()));
        services.TryAddSingleton<ExportErasure>();
        services.TryAddSingleton<ExportProbe>();
        services.TryAddSingleton(s => new Exporter(
            s.GetRequiredService<CaptureReader>(),
            s.GetRequiredService<ExportStore>(),
            options,
            s.GetRequiredService<TimeProvider>(),
            s.GetService<ErasedAssets>(),
            s.GetService<FindAssetFacts>()
        ));
        return services;
    }
}
