using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Validation;
using Serverless.Validation.Trials;

namespace Serverless.GpuBatch;

/// <summary>Which setting goes where.</summary>
internal static class WorkerSettings
{
    public static void ReadStorage(this IConfiguration settings, StorageOptions options, string? bucket)
    {
        settings.GetSection("Storage:Azure").Bind(options.Azure);
        if (options.Azure.BlobServiceUri is null)
        {
            options.Azure.ConnectionString = settings["AzureWebJobsStorage"];
        }
        settings.GetSection("S3").Bind(options.S3);
        options.S3.Bucket = bucket ?? options.S3.Bucket;
        if (!options.Azure.IsConfigured && !options.S3.IsConfigured)
        {
            throw new ArgumentException("No storage is configured: set AzureWebJobsStorage, or S3__Bucket or --bucket.", nameof(settings));
        }
    }

    /// <summary>Adds the models as the environment's registry names them, from the registry down to the predictions.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration settings)
    {
        TrialOptions trials = new();
        settings.GetSection("Validation:Trial").Bind(trials);
        return services
            .AddRegistry(options => settings.GetSection("Registry").ReadRegistry(options))
            .AddInference(options => settings.GetSection("Models").Bind(options))
            .AddCaptures(options => settings.GetSection("Captures").Bind(options))
            .AddRollout(options => settings.GetSection("Rollout").Bind(options))
            .AddFirstLoads(trials)
            .AddServing(options => settings.GetSection("Serving").Bind(options))
            .AddSingleton<FaultStatus>(ServingStatus.Of)
            .AddPredictions(options => settings.GetSection("Predictions").Bind(options));
    }

    public static void ReadAssets(this IConfiguration settings, AssetsOptions options, string? dataFolder)
    {
        settings.GetSection("Analysis").Bind(options.Analysis);
        settings.GetSection("Text").Bind(options.Text);
        settings.GetSection("Image").Bind(options.Image);
        settings.GetSection("Decoding").Bind(options.Decoding);
        settings.GetSection("Video").Bind(options.Video);
        settings.GetSection("Shots").Bind(options.Shots);
        settings.GetSection("VideoAnalysis").Bind(options.VideoAnalysis);
        settings.GetSection("Roles").Bind(options.Roles);
        settings.GetSection("Events").Bind(options.Events);
        if (dataFolder is { } data)
        {
            options.VideoAnalysis.SpoolFolder = Path.Combine(data, "spool");
        }
    }

    /// <summary>
    /// The queue of Azure jobs where an account is configured and no other choice was made; the bucket's own when one is named.
    /// </summary>
    public static IReadOnlyList<IWorkQueue> OpenQueues(
        this IServiceProvider services,
        IConfiguration settings,
        string? queue,
        string? bucket
    )
    {
        StorageOptions storage = new();
        settings.ReadStorage(storage, bucket);
        List<IWorkQueue> queues = [];
        if (storage.Azure.IsConfigured && (queue is not null || bucket is null))
        {
            queues.Add(services.GetRequiredKeyedService<AzureWorkQueue>(queue ?? AssetLayout.GpuJobsQueue));
        }
        if (bucket is not null)
        {
            queues.Add(services.GetRequiredKeyedService<S3WorkQueue>(AssetLayout.BucketJobsQueue));
        }
        if (queues.Count == 0)
        {
            throw new ArgumentException(
                "There is no queue to take jobs from: set AzureWebJobsStorage, or name a bucket by --bucket.",
                nameof(settings)
            );
        }
        return queues;
    }

    public static WorkerOptions ReadWorker(this IConfiguration settings, bool untilEmpty, int? metricsPort)
    {
        WorkerOptions options = new() { UntilEmpty = untilEmpty };
        settings.GetSection("Worker").Bind(options);
        options.MetricsPort = metricsPort ?? options.MetricsPort;
        OptionsCheck.Run(("Worker", options));
        return options;
    }
}
