using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Captures;
using Serverless.Ingest.Models;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Ingest;

/// <summary>
/// The small test models in a registry that all tests of uploads share: in Azurite, under names of its own. Each is registered once for all
/// of them, and served once in each environment: tests that move aliases have one of their own.
/// </summary>
internal sealed class RigModels
{
    public const string Shared = "rig";

    private static readonly (ModelRole Role, string Package)[] Packages =
    [
        (ModelRole.TextEmbedding, "text-mean"),
        (ModelRole.Entities, "entities"),
        (ModelRole.ImageLabels, "labels"),
        (ModelRole.ImageEmbedding, "image-patches"),
    ];

    private static readonly DirectoryInfo Cache = Directory.CreateTempSubdirectory("rig-models-");
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Task<RigModels>> Opening = [];

    private readonly AzureObjectStore _store;
    private readonly string _environment;

    private RigModels(AzureObjectStore store, string environment) => (_store, _environment) = (store, environment);

    public static Task<RigModels> OpenAsync(SharedServers servers, string environment = Shared)
    {
        lock (Gate)
        {
            return Opening.TryGetValue(environment, out Task<RigModels>? known)
                ? known
                : Opening[environment] = MakeAsync(servers, environment);
        }
    }

    public static string NameOf(string package) => $"rig-{package}";

    public void Configure(RolesOptions roles)
    {
        (roles.Environment, roles.Topics, roles.Detection) = (_environment, "", "");
        (roles.TextEmbedding, roles.Entities) = (NameOf("text-mean"), NameOf("entities"));
        (roles.ImageLabels, roles.ImageEmbedding) = (NameOf("labels"), NameOf("image-patches"));
    }

    public void AddTo(IServiceCollection services) =>
        services
            .AddSingleton(new RegistryStore(_store))
            .AddRegistry(options => (options.Environments, options.CacheFolder) = ([_environment], Cache.FullName))
            .AddCaptures()
            .AddRollout(options => options.RefreshEvery = TimeSpan.FromMilliseconds(50))
            // The models are ours, and would cost a process each.
            .AddSingleton(new LoadTrial((_, _, _, _) => Task.FromResult(new FirstLoadReport(1, 1, "CPU", DateTimeOffset.UnixEpoch))))
            .AddServing(_ => { })
            .AddSingleton<FaultStatus>(ServingStatus.Of)
            .AddPredictions(options => options.Environment = _environment);

    private static async Task<RigModels> MakeAsync(SharedServers servers, string environment)
    {
        RigModels models = new(new AzureObjectStore((await servers.Azurite).Options), environment);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        models.AddTo(builder.Services.AddLogging());
        using IHost host = builder.Build();
        foreach ((_, string package) in Packages)
        {
            string name = NameOf(package);
            int version = (
                await host
                    .Services.GetRequiredService<ModelRegistry>()
                    .RegisterAsync(TestModels.Folder(package), new Registration(name, "test"), CancellationToken.None)
            )
                .Manifest
                .Version;
            await host
                .Services.GetRequiredService<ModelAliases>()
                .MoveAsync(environment, name, new AliasMove(version, AliasExpectation.Nothing, "test", "first"), CancellationToken.None);
        }
        return models;
    }
}
