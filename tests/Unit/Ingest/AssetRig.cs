using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest;

/// <summary>All of libs/Ingest over a store and the small test models, wired as the programs wire it.</summary>
internal sealed class AssetRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private AssetRig(IObjectStore bucket, ServiceProvider services)
    {
        Bucket = bucket;
        _services = services;
    }

    public IObjectStore Bucket { get; }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static async Task<AssetRig> OpenAsync(SharedServers servers, Action<AssetsOptions>? configure = null) =>
        Open(await TestBucket.OpenAsync(servers), configure);

    /// <summary>Over a store that a test has its hands in.</summary>
    public static AssetRig OpenOver(IObjectStore store) => Open(store, configure: null);

    /// <summary>In Azurite, whose containers all tests share: each takes a name of its own.</summary>
    public static async Task<AssetRig> OpenAzureAsync(SharedServers servers, Action<AssetsOptions>? configure = null) =>
        Open(new AzureObjectStore((await servers.Azurite).Options), configure);

    private static AssetRig Open(IObjectStore bucket, Action<AssetsOptions>? configure) =>
        new(
            bucket,
            new ServiceCollection()
                .AddLogging()
                .AddSingleton(bucket)
                .AddSingleton<IWorkQueue>(new S3WorkQueue(bucket, AssetLayout.BucketJobsQueue, TimeProvider.System))
                .AddSingleton(TestModels.Runtime)
                .AddInference(options =>
                {
                    options.ModelsRoot = TestModels.Data("models");
                    (options.TextEmbedding, options.Entities) = ("text-mean/1", "entities/1");
                    (options.ImageLabels, options.ImageEmbedding) = ("labels/1", "image-patches/1");
                })
                .AddAssets(configure)
                .AddSingleton<DirectIngest>()
                .BuildServiceProvider()
        );

    /// <summary>With an index in the same bucket, loaded as a host loads it.</summary>
    public static async Task<AssetRig> OpenIndexedAsync(SharedServers servers)
    {
        AssetRig rig = await OpenAsync(servers, options => options.IndexStore = "s3");
        foreach (IHostedLifecycleService service in rig._services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(TestContext.Current.CancellationToken);
        }
        return rig;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
