using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Exports;
using Serverless.Ingest.Steps;

namespace Serverless.Orchestrations.Exports;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds exports, on top of captures and the ingest.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddTrainingExports(this IServiceCollection services, Action<ExportsOptions>? configure = null)
    {
        services.AddExports(configure);
        services.TryAddSingleton<ErasedAssets>(s => s.GetRequiredService<ErasureRecords>().ListAsync);
        services.TryAddSingleton<AnalysedAssets>();
        services.TryAddSingleton<FindAssetFacts>(s => s.GetRequiredService<AnalysedAssets>().FindAsync);
        services.TryAddSingleton<ExportProgressLog>();
        services.TryAddSingleton<AssetLineage>();
        services.TryAddSingleton<ErasedItems>();
        services.TryAddSingleton<GoldenDraw>();
        services.TryAddSingleton<UploadedPictures>();
        services.TryAddSingleton<UploadedKeyframes>();
        services.TryAddSingleton<GoldenDrafting>();
        return services;
    }
}
