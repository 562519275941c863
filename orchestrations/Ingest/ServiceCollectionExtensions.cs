using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Ingest.Events;
using Serverless.Ingest.Reanalysis;
using Serverless.Orchestrations.Reanalysis;
using Serverless.Orchestrations.Sources;
using Serverless.Storage;

namespace Serverless.Orchestrations.Ingest;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the reconcile, and telling webhooks of assets, on top of assets, stores and webhooks; the activities need nothing else.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddIngest(this IServiceCollection services, Action<ReconcileOptions>? configure = null)
    {
        ReconcileOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Reconcile", options));
        services.TryAddSingleton(options);
        services.TryAddSingleton<AssetNews>();
        services.TryAddSingleton<LostUploads>();
        services.TryAddSingleton<UploadMending>();
        services.TryAddSingleton<SourceSync>();
        services.TryAddSingleton<Reconciliation>();
        return services;
    }

    /// <summary>Adds the reanalysis, on top of what <see cref="AddIngest"/> needs, and an index.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddReanalysis(this IServiceCollection services, Action<ReanalysisOptions>? configure = null)
    {
        ReanalysisOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Reanalysis", options));
        services.TryAddSingleton(options);
        services.TryAddSingleton<RevisionSelection>();
        services.TryAddSingleton<AssetRevision>();
        services.TryAddSingleton<PromotionFollower>();
        return services;
    }
}
