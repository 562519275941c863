using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Ingest;
using Serverless.Ingest.Index;
using Serverless.Ingest.Steps;
using Serverless.Rollout;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest;

/// <summary>All of libs/Ingest over a store and the small test models, wired as the programs wire it.</summary>
internal sealed class AssetRig : IAsyncDisposable
{
    private readonly IHost _host; // never started: nothing runs beside a test

    private AssetRig(IObjectStore bucket, IHost host)
    {
        Bucket = bucket;
        _host = host;
    }

    public IObjectStore Bucket { get; }

    public IServiceProvider Services => _host.Services;

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<AssetRig> OpenAsync(SharedServers servers, Action<AssetsOptions>? configure = null) =>
        await OpenAsync(servers, await TestBucket.OpenAsync(servers), configure);

    /// <summary>Over a store that a test has its hands in.</summary>
    public static Task<AssetRig> OpenOverAsync(SharedServers servers, IObjectStore store) => OpenAsync(servers, store, configure: null);

    /// <summary>In Azurite, whose containers all tests share: each takes a name of its own.</summary>
    public static async Task<AssetRig> OpenAzureAsync(SharedServers servers, Action<AssetsOptions>? configure = null) =>
        await OpenAsync(servers, new AzureObjectStore((await servers.Azurite).Options), configure);

    private static async Task<AssetRig> OpenAsync(
        SharedServers servers,
        IObjectStore bucket,
        Action<AssetsOptions>? configure,
        string environment = RigModels.Shared,
        IObjectStore? beside = null
    )
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        IServiceCollection services = builder
            .Services.AddLogging()
            .AddSingleton(bucket)
            .AddSingleton<IWorkQueue>(new S3WorkQueue(bucket, AssetLayout.BucketJobsQueue, TimeProvider.System))
            .AddSingleton(TestModels.Runtime);
        if (beside is not null)
        {
            services.AddSingleton(beside);
        }
        RigModels models = await RigModels.OpenAsync(servers, environment);
        models.AddTo(services);
        services
            .AddAssets(options =>
            {
                models.Configure(options.Roles);
                configure?.Invoke(options);
            })
            .AddSingleton<DirectIngest>();
        return new(bucket, builder.Build());
    }

    /// <summary>Over both stores; <see cref="Bucket"/> is the one of S3.</summary>
    public static async Task<AssetRig> OpenBothAsync(SharedServers servers) =>
        await OpenAsync(
            servers,
            await TestBucket.OpenAsync(servers),
            configure: null,
            beside: new AzureObjectStore((await servers.Azurite).Options)
        );

    /// <summary>With an index in the same bucket, loaded as a host loads it.</summary>
    /// <param name="environment">Of whose aliases the test is the only user, where it moves them.</param>
    public static async Task<AssetRig> OpenIndexedAsync(SharedServers servers, string environment = RigModels.Shared)
    {
        AssetRig rig = await OpenAsync(servers, await TestBucket.OpenAsync(servers), options => options.IndexStore = "s3", environment);
        await rig.LookAsync();
        return rig;
    }

    /// <summary>What a host does every second: looks at the aliases, and follows them.</summary>
    public async Task LookAsync()
    {
        await Get<RolloutTable>().RefreshAsync(TestContext.Current.CancellationToken);
        await Get<IndexSpaces>().LookAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for an alias or a rollout: a plan is followed once its versions are loaded.</summary>
    public async Task UntilFollowedAsync(string environment, string model, Predicate<RoutePlan> holds)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        RolloutTable routes = Get<RolloutTable>();
        while (!holds((await routes.FindPlanAsync(environment, model, cancellationToken))!))
        {
            await routes.RefreshAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(10), cancellationToken);
        }
        await LookAsync();
    }

    public async ValueTask DisposeAsync() => await ((IAsyncDisposable)_host).DisposeAsync();
}
