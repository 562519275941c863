using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Imaging;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Events;
using Serverless.Ingest.Health;
using Serverless.Ingest.Index;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Metrics;
using Serverless.Ingest.Models;
using Serverless.Ingest.Reanalysis;
using Serverless.Ingest.Searches;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Ingest.Videos;
using Serverless.Media.Images;
using Serverless.Media.Text;
using Serverless.Media.Video;
using Serverless.Storage;
using Serverless.Words;

namespace Serverless.Ingest;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds all that is done to an asset, on top of the stores, the registry and the predictions that were added before.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddAssets(this IServiceCollection services, Action<AssetsOptions>? configure = null)
    {
        AssetsOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(
            ("Analysis", options.Analysis),
            ("Text", options.Text),
            ("Image", options.Image),
            ("Decoding", options.Decoding),
            ("Video", options.Video),
            ("VideoAnalysis", options.VideoAnalysis),
            ("Roles", options.Roles),
            ("Events", options.Events),
            ("Words", options.Words),
            ("Health", options.Health),
            ("Index", options.Index)
        );
        services.AddMetrics().TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IngestMeter>();
        services.TryAddSingleton(options.Analysis);
        services.TryAddSingleton(options.Text);
        services.TryAddSingleton(options.Image);
        services.TryAddSingleton(options.Decoding);
        services.TryAddSingleton(options.Video);
        services.TryAddSingleton(options.Shots);
        services.TryAddSingleton(options.VideoAnalysis);
        services.TryAddSingleton(options.Events);
        services.TryAddSingleton<AssetStores>();
        services.TryAddSingleton<AnnouncementOutbox>();
        services.TryAddSingleton<Ledger>();
        services.TryAddSingleton<LedgerViews>();
        services.TryAddSingleton<SourceBook>();
        services.TryAddSingleton<SourceListing>();
        services.TryAddSingleton<SourceCounting>();
        services.TryAddSingleton<Quarantine>();
        services.TryAddSingleton<AssetAdmission>();
        services.TryAddSingleton<AttemptGate>();
        services.TryAddSingleton<AttemptedAnalysis>();
        services.TryAddSingleton<AssetSettlement>();
        services.TryAddSingleton<ErasureRecords>();
        services.TryAddSingleton<AssetErasure>();
        services.TryAddSingleton<DecodeBudget>();
        services.TryAddSingleton<ImageReader>();
        services.TryAddSingleton(options.Roles);
        services.TryAddSingleton<ServingSpaces>();
        services.TryAddSingleton<AnalysisModels>();
        services.AddHostedService<RoleWarmer>();
        services.TryAddSingleton<LanguageDetection>();
        services.TryAddSingleton<TextAnalyzer>();
        services.TryAddSingleton<ImageAnalyzer>();
        services.TryAddSingleton<ContentIndex>();
        services.TryAddSingleton<AnalysisWriter>();
        services.TryAddSingleton<AnalysisFingerprints>();
        services.TryAddSingleton<AnalysisCopy>();
        services.TryAddSingleton<AnalysisReuse>();
        services.TryAddSingleton<AssetAnalysis>();
        services.TryAddSingleton<VideoReader>();
        services.TryAddSingleton<VideoTempFiles>();
        services.TryAddSingleton<KeyframeAnalyzer>();
        services.TryAddSingleton<SubtitleReader>();
        services.TryAddSingleton<SubtitleAnalyzer>();
        services.TryAddSingleton<Sidecars>();
        services.TryAddSingleton<SidecarReader>();
        services.TryAddSingleton<SidecarRevision>();
        services.TryAddSingleton<VideoAnalyzer>();
        // One client for the process; connections are renewed so that a moved receiver is found again.
        services.TryAddSingleton(s => new ResultAnnouncer(
            new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2) }),
            options.Events,
            s.GetRequiredService<AnnouncementOutbox>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<ResultAnnouncer>>(),
            s.GetService<AssetNews>()
        ));
        services.TryAddSingleton(options.Health);
        services.TryAddSingleton(options.Index);
        services.TryAddSingleton<PipelineHealth>();
        if (options.HasGauges)
        {
            services.TryAddSingleton<IngestGauges>();
            services.AddHostedService<IngestLook>();
        }
        if (!string.IsNullOrEmpty(options.IndexStore))
        {
            services.AddIndex(options.IndexStore, options.Words);
        }
        return services;
    }

    private static void AddIndex(this IServiceCollection services, string store, WordOptions words)
    {
        services.TryAddSingleton<AnalysedWords>();
        services.TryAddSingleton<RecentVectors>();
        services.TryAddSingleton<StoredVectors>();
        services.TryAddSingleton<QueryVectors>();
        // A search service that was added before takes the place of all that is kept on this machine.
        if (!services.Any(service => service.ServiceType == typeof(IAssetIndex)))
        {
            services.TryAddSingleton(words);
            services.TryAddSingleton<WordIndex>();
            services.TryAddSingleton<IndexedWords>();
            services.AddHostedService<WordUpkeep>();
            services.TryAddSingleton(s => ActivatorUtilities.CreateInstance<AssetIndex>(s, s.GetRequiredService<AssetStores>()[store]));
            services.TryAddSingleton<IAssetIndex>(s => s.GetRequiredService<AssetIndex>());
            services.TryAddSingleton<AssetSearch>();
            services.TryAddSingleton<IAssetSearch>(s => s.GetRequiredService<AssetSearch>());
        }
        services.TryAddSingleton<AnalysedVectors>();
        services.TryAddSingleton<AwaitedSpaces>();
        services.TryAddSingleton<IndexSpaces>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<IndexSpaces>());
    }
}
