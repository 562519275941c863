using Microsoft.Extensions.DependencyInjection;
using Serverless.Inference;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Unit.Alerts;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry;

/// <summary>All of libs/Registry over Azurite, wired as the programs wire it, with a model name and a cache folder of its own.</summary>
internal sealed class RegistryRig : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("registry-");

    private RegistryRig(AzureObjectStore store, AzureWorkQueue told, Action<RegistryOptions>? configure, TimeProvider? time)
    {
        (Store, Told, Counted) = (store, told, new CountingStore(store));
        _services = new ServiceCollection()
            .AddSingleton<IObjectStore>(Counted)
            .AddSingleton(time ?? TimeProvider.System)
            .AddSingleton(ModelPackage.Guard)
            .AddRegistry(options =>
            {
                options.CacheFolder = _cache.FullName;
                configure?.Invoke(options);
            })
            .BuildServiceProvider();
    }

    public AzureObjectStore Store { get; }

    /// <summary>The same, as the registry asks it.</summary>
    public CountingStore Counted { get; }

    /// <summary>Of no other test, like the queue.</summary>
    public string Name { get; } = $"model-{Guid.NewGuid():N}";

    /// <summary>Where webhooks' events go.</summary>
    public AzureWorkQueue Told { get; }

    public string Cache => _cache.FullName;
    public ModelRegistry Registry => Get<ModelRegistry>();
    public ModelAliases Aliases => Get<ModelAliases>();
    public DeploymentHistory History => Get<DeploymentHistory>();
    public PackageCache Packages => Get<PackageCache>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>As somebody does who has the storage account's key.</summary>
    public async Task OverwriteAsync(string path, string content)
    {
        using Stream body = new BinaryData(content).ToStream();
        await Store.WriteAsync(path, body, WriteCondition.Always, StoredJson.ContentType, TestContext.Current.CancellationToken);
    }

    public static async Task<RegistryRig> OpenAsync(
        SharedServers servers,
        Action<RegistryOptions>? configure = null,
        TimeProvider? time = null
    ) =>
        new(
            new AzureObjectStore((await servers.Azurite).Options),
            new AzureWorkQueue((await servers.Azurite).Options, $"told-{Guid.NewGuid():N}"),
            configure,
            time
        );

    /// <summary>One of the packages of tests/Data/models.</summary>
    public async Task<ModelManifest> RegisterAsync(string model = "labels", string? name = null) =>
        (
            await Registry.RegisterAsync(
                TestModels.Folder(model),
                new Registration(name ?? Name, "test"),
                TestContext.Current.CancellationToken
            )
        ).Manifest;

    public ValueTask DisposeAsync()
    {
        _cache.Delete(recursive: true);
        return _services.DisposeAsync();
    }
}
