using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Serverless.Captures;
using Serverless.Exports;
using Serverless.Exports.Files;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Retraining;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Registry;
using Serverless.Serving.Objectives;
using Serverless.Unit.Exports;
using Serverless.Unit.Orchestrations.Drift;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Retraining;

public sealed class RetrainingFunctionTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ARequest_BecomesARun_OfLabelledRowsWithVectors()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        using ExportRig exports = await ExportRig.OpenAsync(servers);
        await using OrchestrationRunner runner = new();
        runner.Registry.AddOrchestrator<RetrainInput, RetrainInput>(nameof(Retrain), (_, input) => Task.FromResult(input));
        await rig.RegisterAsync("text-mean");
        await DriftRig.CaptureAsync(rig, "prod", ExportRig.Start.AddMinutes(30));
        await using FunctionsApp app = await StartAsync(rig, exports, runner);

        using HttpResponseMessage started = await PostAsync(
            app,
            new
            {
                target = "dev",
                into = "news",
                seed = 3,
                export = new
                {
                    model = rig.Name,
                    version = 1,
                    from = ExportRig.Start,
                    until = ExportRig.Start.AddHours(1),
                },
            }
        );

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        string id = (await started.Content.ReadFromJsonAsync<JsonElement>(Token)).GetProperty("id").GetString()!;
        RetrainInput input = (await runner.FinishAsync(id)).ReadOutputAs<RetrainInput>()!;
        Assert.Equal(("news", 3, "dev", "ana"), (input.Into, input.Seed, input.Target, input.By));
        Assert.True(input.Export!.Plan is { Embeddings: true, Filters.Labelled: true });
    }

    /// <summary>Neither a window without labels nor an export without labelled rows becomes a run that could only fail.</summary>
    [Fact]
    public async Task ARequest_OfNothingToLearnFrom_IsRefused()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        using ExportRig exports = await ExportRig.OpenAsync(servers);
        await using OrchestrationRunner runner = new();
        await rig.RegisterAsync("text-mean");
        await DriftRig.CaptureAsync(rig, "prod", ExportRig.Start.AddMinutes(30), labelled: false);
        await exports.CaptureAsync(ExportRig.Prediction(1));
        ExportCard card = await exports.ExportAsync(ExportRig.Plan);
        await using FunctionsApp app = await StartAsync(rig, exports, runner);
        object export = new
        {
            model = rig.Name,
            version = 1,
            from = ExportRig.Start,
            until = ExportRig.Start.AddHours(1),
        };

        using HttpResponseMessage window = await PostAsync(app, new { target = "dev", export }),
            rows =
                await PostAsync(
                    app,
                    new
                    {
                        target = "dev",
                        exportName = card.Name,
                        exportVersion = card.Version,
                    }
                );

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (window.StatusCode, rows.StatusCode));
        Assert.Contains("Nobody has labelled a captured prediction", await window.Content.ReadAsStringAsync(Token));
        Assert.Contains("has no labelled row among 1.", await rows.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task ARequestWithoutAnExport_WithTwo_OrForNowhere_IsRefused()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        using ExportRig exports = await ExportRig.OpenAsync(servers);
        await using OrchestrationRunner runner = new();
        await using FunctionsApp app = await StartAsync(rig, exports, runner);
        ExportCard card = await exports.ExportAsync(ExportRig.Plan);
        object export = new
        {
            model = rig.Name,
            from = ExportRig.Start,
            until = ExportRig.Start.AddHours(1),
        };

        using HttpResponseMessage none = await PostAsync(app, new { target = "dev" }),
            two =
                await PostAsync(
                    app,
                    new
                    {
                        target = "dev",
                        export,
                        exportName = card.Name,
                    }
                ),
            unknown =
                await PostAsync(
                    app,
                    new
                    {
                        target = "dev",
                        exportName = card.Name,
                        exportVersion = "none",
                    }
                ),
            nowhere = await PostAsync(app, new { target = "moon", export });

        Assert.Equal(
            [HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.NotFound, HttpStatusCode.BadRequest],
            new[] { none, two, unknown, nowhere }.Select(answer => answer.StatusCode)
        );
    }

    private static Task<HttpResponseMessage> PostAsync(FunctionsApp app, object body)
    {
        HttpRequestMessage request = new(HttpMethod.Post, "api/retraining") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Requested-By", "ana");
        return app.Client.SendAsync(request, Token);
    }

    private static Task<FunctionsApp> StartAsync(RegistryRig rig, ExportRig exports, OrchestrationRunner runner) =>
        FunctionsApp.StartAsync(
            [typeof(RetrainingFunction)],
            services =>
                services
                    .AddSingleton<TimeProvider>(new FakeTimeProvider(ExportRig.Start.AddDays(1)))
                    .AddSingleton(rig.Registry)
                    .AddSingleton(rig.Aliases)
                    .AddSingleton(rig.Get<RegistryOptions>())
                    .AddSingleton(exports.Exports)
                    .AddSingleton<ExportPlans>()
                    .AddSingleton(new PromotionPlans(new PromotionOptions()))
                    .AddSingleton(new ObjectiveOptions())
                    .AddSingleton(new RetrainingOptions())
                    .AddSingleton(new ExportProbe(new CaptureReader(rig.Store, NullLogger<CaptureReader>.Instance)))
                    .AddSingleton<LearnableRows>(),
            _ => runner.Client
        );
}
