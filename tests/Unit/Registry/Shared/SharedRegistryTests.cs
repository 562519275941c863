using Microsoft.Extensions.DependencyInjection;
using Serverless.Inference;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Registry.Shared;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Ingest;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Registry.Shared;

/// <summary>The shared registry is the one of Azurite; the deployment's own is a bucket.</summary>
public sealed class SharedRegistryTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AVersion_IsImported_WithItsNumberAndManifest_AndNoOther()
    {
        await using RegistryRig published = await RegistryRig.OpenAsync(servers);
        await published.RegisterAsync();
        ModelManifest second = await published.RegisterAsync("text-mean");
        await using ServiceProvider own = await OpenAsync();

        bool[] imported =
        [
            await own.GetRequiredService<SharedRegistry>().TryImportAsync(second.Id, Token),
            await own.GetRequiredService<SharedRegistry>().TryImportAsync(second.Id, Token),
        ];

        ModelRegistry registry = own.GetRequiredService<ModelRegistry>();
        Assert.Equal([true, true], imported);
        Assert.Equal([2], (await registry.ListAsync(published.Name, Token)).Items.Select(manifest => manifest.Version));
        Assert.Equal(
            (await published.Registry.ReadManifestAsync(second.Id, Token))!.ToArray(),
            (await registry.ReadManifestAsync(second.Id, Token))!.ToArray()
        );
        Assert.True(Directory.Exists(await own.GetRequiredService<PackageCache>().FetchAsync(second.Id, Token)));
    }

    [Fact]
    public async Task AVersion_ThatNobodyPublished_IsNotImported()
    {
        await using ServiceProvider own = await OpenAsync();

        Assert.False(await own.GetRequiredService<SharedRegistry>().TryImportAsync(new($"model-{Guid.NewGuid():N}", 1), Token));
    }

    [Fact]
    public async Task Bytes_ThatWereChanged_AreRefused_AndNothingIsThere()
    {
        await using RegistryRig published = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await published.RegisterAsync();
        await published.OverwriteAsync($"registry/models/{manifest.Name}/1/{manifest.Files[0].Path}", "{}");
        await using ServiceProvider own = await OpenAsync();

        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() =>
            own.GetRequiredService<SharedRegistry>().TryImportAsync(manifest.Id, Token)
        );

        Assert.Equal(RegistryFault.Corrupt, refused.Fault);
        Assert.Contains("is not what was registered", refused.Message, StringComparison.Ordinal);
        Assert.Null(await own.GetRequiredService<ModelRegistry>().FindAsync(manifest.Id, Token));
    }

    [Fact]
    public async Task ANumber_ThatBelongsToAnotherPackageHere_IsRefused()
    {
        await using RegistryRig published = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await published.RegisterAsync();
        await using ServiceProvider own = await OpenAsync();
        await RegisterAsync(own, published.Name, "text-mean");

        RegistryException refused = await Assert.ThrowsAsync<RegistryException>(() =>
            own.GetRequiredService<SharedRegistry>().TryImportAsync(manifest.Id, Token)
        );

        Assert.Equal(RegistryFault.Conflict, refused.Fault);
        Assert.Contains(manifest.Digest, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhoPublishes_PutsItThere_AndWhoDoesNot_Nowhere()
    {
        await using RegistryRig shared = await RegistryRig.OpenAsync(servers);
        await using ServiceProvider publisher = await OpenAsync(publishes: true);
        await using ServiceProvider other = await OpenAsync();
        ModelVersion published = await RegisterAsync(publisher, shared.Name, "labels");
        ModelVersion kept = await RegisterAsync(other, $"{shared.Name}-other", "labels");

        await publisher.GetRequiredService<SharedRegistry>().PublishAsync(published, Token);
        await other.GetRequiredService<SharedRegistry>().PublishAsync(kept, Token);

        Assert.NotNull(await shared.Registry.FindAsync(published, Token));
        Assert.Null(await shared.Registry.FindAsync(kept, Token));
    }

    private static async Task<ModelVersion> RegisterAsync(ServiceProvider own, string name, string package) =>
        (await own.GetRequiredService<ModelRegistry>().RegisterAsync(TestModels.Folder(package), new Registration(name, "test"), Token))
            .Manifest
            .Id;

    private async Task<ServiceProvider> OpenAsync(bool publishes = false)
    {
        IObjectStore store = await TestBucket.OpenAsync(servers);
        string? connection = (await servers.Azurite).Options.ConnectionString;
        return new ServiceCollection()
            .AddSingleton(store)
            .AddSingleton(ModelPackage.Guard)
            .AddRegistry(options =>
            {
                options.Store = "s3";
                options.CacheFolder = Directory.CreateTempSubdirectory("shared-registry-").FullName;
                options.Shared.ConnectionString = connection;
                options.Shared.Publishes = publishes;
            })
            .BuildServiceProvider();
    }
}
