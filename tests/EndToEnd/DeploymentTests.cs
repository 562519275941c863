using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Promotions;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Environments that are deployments of their own, and the versions that they share.</summary>
public sealed class DeploymentTests(SharedStack shared)
{
    private const string Model = "topics";

    // The environment's own, short: what the steps do is shown elsewhere.
    private const string ShortPlan = """
        { "watchEvery": "00:00:00.5", "shadow": null, "approval": null,
          "canary": [{ "weight": 1, "bake": "00:00:01", "minRequests": 0 }], "guards": { "latencyRatio": null } }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The registry that it reads is that of the shared system.</summary>
    [Fact]
    public async Task ADeployment_ServesItsEnvironmentAlone_AndFetchesWhatIsPromoted()
    {
        const string model = "end-to-end-published";
        await Packages.RegisterAsync(shared.Stack, model, "sound");
        StackOptions options = OwnStack.Options(
            "deployment",
            ("Registry:Shared:ConnectionString", shared.Stack.AzureConnectionString),
            BadCanary.Setting("qa")
        ) with
        {
            Environment = "qa",
            Workers = 0,
        };
        await using LocalStack stack = await LocalStack.StartAsync(options, TimeProvider.System, Cancellation);
        using PipelineClient client = new(stack);

        PromotionSeen promoted = await PromoteAsync(client.Http, model, 1, "qa");
        PromotionSeen missing = await PromoteAsync(client.Http, model, 99, "qa");
        string[] refusals =
        [
            await RefusalAsync(client.Http, HttpMethod.Get, $"models/{model}/aliases/prod"),
            await RefusalOfPredictionAsync(client.Http, model, "prod"),
        ];

        Assert.Equal(("promoted", null), (promoted.Verdict, promoted.Reason));
        Assert.Equal(("rejected", $"Model '{model}' has no version 99."), (missing.Verdict, missing.Reason));
        Assert.All(refusals, refusal => Assert.Contains("qa", refusal, StringComparison.Ordinal));
        Assert.Equal(1, await ServingAsync(client.Http, model, "qa"));
        Assert.Null(await ServingAsync(shared.Client.Http, model, "qa"));
        Assert.Equal(await ManifestAsync(shared.Client.Http, model, 1), await ManifestAsync(client.Http, model, 1));
    }

    [Fact(Explicit = true)]
    public async Task AVersion_GoesFromDevByQaToProd_OverThreeDeployments()
    {
        StackOptions options = OwnStack.Options("deployments", ("Promotion:Plans:qa", ShortPlan), ("Promotion:Plans:prod", ShortPlan)) with
        {
            HasGoldenSets = true,
            Workers = 0,
        };
        await using SeparateEnvironments all = await SeparateEnvironments.StartAsync(
            options,
            [StackPorts.Free(), StackPorts.Free(), StackPorts.Free()],
            StackPorts.FreePort(),
            _ => { },
            TimeProvider.System,
            Cancellation
        );
        using PipelineClient dev = new(all["dev"]);
        using PipelineClient qa = new(all["qa"]);
        using PipelineClient prod = new(all["prod"]);
        int version = await SampleModels.RegisterAnotherAsync(
            dev.Http,
            Model,
            Path.Combine(options.DataDirectory, "another"),
            Cancellation
        );

        string[] verdicts =
        [
            (await PromoteAsync(dev.Http, Model, version, "dev")).Verdict!,
            (await PromoteAsync(qa.Http, Model, version, "qa")).Verdict!,
        ];
        int? beforeProd = await ServingAsync(prod.Http, Model, "prod");
        verdicts = [.. verdicts, (await PromoteAsync(prod.Http, Model, version, "prod")).Verdict!];
        BlobContainerClient registry = new(all.Registry.ReaderConnection, "registry");
        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() =>
            registry.UploadBlobAsync("models/of-somebody", BinaryData.FromString("weights"), Cancellation)
        );

        Assert.Equal(["promoted", "promoted", "promoted"], verdicts);
        Assert.Equal(1, beforeProd);
        Assert.Equal(version, await ServingAsync(prod.Http, Model, "prod"));
        Assert.Equal((int)HttpStatusCode.Forbidden, refused.Status);
    }

    private static async Task<PromotionSeen> PromoteAsync(HttpClient http, string model, int version, string environment)
    {
        PromotionClient promotions = new(http, TimeProvider.System);
        PromotionSeen seen = await promotions.StartAsync(new PromotionAsked(model, version, null, environment, "ci"), Cancellation);
        return await Eventually.HoldsAsync(
            async () => (await promotions.FetchAsync(seen.Id, Cancellation)) is { Verdict: not null } ended ? ended : null,
            $"the verdict in {environment}",
            Limit,
            Cancellation
        );
    }

    /// <summary>Null where nothing serves, or the environment is another deployment's.</summary>
    private static async Task<int?> ServingAsync(HttpClient http, string model, string environment)
    {
        using HttpResponseMessage response = await http.GetAsync($"models/{model}/aliases/{environment}", Cancellation);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("version").GetInt32()
            : null;
    }

    private static Task<string> ManifestAsync(HttpClient http, string model, int version) =>
        http.GetStringAsync($"models/{model}/versions/{version}/manifest", Cancellation);

    private static async Task<string> RefusalAsync(HttpClient http, HttpMethod method, string path)
    {
        using HttpRequestMessage request = new(method, path);
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }

    private static async Task<string> RefusalOfPredictionAsync(HttpClient http, string model, string environment)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"predict/{model}") { Content = JsonContent.Create(new { inputs = "x" }) };
        request.Headers.Add("X-Environment", environment);
        using HttpResponseMessage response = await http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Cancellation);
    }
}
