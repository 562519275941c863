using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Captures;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Functions.Azure.Predictions;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Functions.Azure.Telemetry;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Ingest;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Unit.Inference;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions;

/// <summary>The prediction routes over Azurite, wired as Program.cs wires them, with models of names of its own.</summary>
public sealed class PredictionApp(SharedServers servers) : IAsyncLifetime
{
    private static readonly Type[] Functions =
    [
        typeof(ServerFunctions),
        typeof(ModelFunctions),
        typeof(ConfigurationFunctions),
        typeof(RepositoryFunctions),
        typeof(StatisticsFunctions),
        typeof(InferFunction),
        typeof(PredictFunction),
        typeof(FeedbackFunction),
        typeof(MetricsFunction),
    ];

    /// <summary>Of a batch, and of all that waits for a model: small, so that tests can go beyond.</summary>
    public const int MaxElements = 10_000;

    private readonly DirectoryInfo _cache = Directory.CreateTempSubdirectory("predictions-");
    private readonly string _suffix = Guid.NewGuid().ToString("N")[..8];
    private FunctionsApp _app = null!;

    public HttpClient Client => _app.Client;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>The name under which a package of tests/Data/models is registered here.</summary>
    public string NameOf(string package) => $"{package}-{_suffix}";

    public async ValueTask InitializeAsync()
    {
        AzuriteServer azurite = await servers.Azurite;
        _app = await FunctionsApp.StartAsync(Functions, services => Add(services, azurite));
        foreach (string package in new[] { "tensors-echo", "tensors-sums", "tensors-slow", "text-mean", "entities", "labels" })
        {
            await ServeAsync(package);
        }
        await RegisterAsync("tensors-sums-shifted", NameOf("tensors-sums"));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _cache.Delete(recursive: true);
    }

    public async Task<int> RegisterAsync(string package, string name) =>
        (await Get<ModelRegistry>().RegisterAsync(TestModels.Folder(package), new Registration(name, "test"), Token)).Manifest.Version;

    /// <summary>Registers a package and has prod serve it.</summary>
    public async Task<string> ServeAsync(string package, string? name = null)
    {
        name ??= NameOf(package);
        int version = await RegisterAsync(package, name);
        await Get<ModelAliases>().MoveAsync("prod", name, new AliasMove(version, AliasExpectation.Nothing, "test", "first"), Token);
        return name;
    }

    public async Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        using StringContent body = new(json, Encoding.UTF8, "application/json");
        return await SendAsync(path, body, headers);
    }

    public async Task<HttpResponseMessage> PostAsync(
        string path,
        byte[] bytes,
        string mediaType,
        params (string Name, string Value)[] headers
    )
    {
        using ByteArrayContent body = new(bytes);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return await SendAsync(path, body, headers);
    }

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Token)).RootElement;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent body, (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = body };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }
        return await Client.SendAsync(request, Token);
    }

    private void Add(IServiceCollection services, AzuriteServer azurite)
    {
        services.AddSingleton(TestModels.Runtime).AddSingleton(new LaneOptions());
        services
            .AddStorage(options => options.Azure = azurite.Options)
            .AddRegistry(options => options.CacheFolder = _cache.FullName)
            .AddInference()
            .AddAssets()
            .AddCaptures(options => options.RolloutFlushInterval = TimeSpan.FromMilliseconds(100))
            .AddRollout(options => options.RefreshEvery = TimeSpan.FromMilliseconds(100))
            // The models are ours, and would cost a process each.
            .AddSingleton(new LoadTrial((_, _, _, _) => Task.FromResult(new FirstLoadReport(1, 1, "CPU", DateTimeOffset.UnixEpoch))))
            .AddServing(options => (options.MaxBatchElements, options.MaxQueuedBatches) = (MaxElements, 1))
            .AddAccess()
            .AddSingleton<AssetDocuments>()
            .AddPredictionRoutes(_ => { })
            .AddTelemetry();
    }
}

[CollectionDefinition(nameof(PredictionApp))]
public sealed class PredictionAppCollection : ICollectionFixture<PredictionApp>;
