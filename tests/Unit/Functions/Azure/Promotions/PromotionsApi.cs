using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Captures;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Experiments;
using Serverless.Functions.Azure.Promotions;
using Serverless.Functions.Azure.Triggers;
using Serverless.Functions.Azure.Webhooks;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Validation;
using Serverless.Orchestrations.Webhooks;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Unit.Functions.Azure.Access;
using Serverless.Unit.Orchestrations.Promotion;
using Serverless.Unit.Orchestrations.Running;
using Serverless.Unit.Servers;
using Serverless.Validation.Reports;
using Serverless.Webhooks;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Promotions;

/// <summary>The functions of promotions, webhooks and experiments in an environment of their own where version 1 serves.</summary>
internal sealed class PromotionsApi : IAsyncDisposable
{
    public const string AliasAtOnce = """{ "shadow": null, "approval": null, "canary": [] }""";

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly FunctionsApp _app;
    private readonly OrchestrationRunner _runner;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _webhooks;

    private PromotionsApi(FunctionsApp app, OrchestrationRunner runner, string environment, string model, bool deliversWebhooks)
    {
        (_app, _runner, Environment, Model) = (app, runner, environment, model);
        _webhooks = deliversWebhooks ? TakeWebhookEventsAsync() : Task.CompletedTask;
    }

    public string Environment { get; }

    public string Model { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <param name="deliversWebhooks">One host at a time: all share the queue of events, and what a host that stops has taken waits for
    /// it.</param>
    public static async Task<PromotionsApi> StartAsync(
        SharedServers servers,
        string plan = AliasAtOnce,
        bool deliversWebhooks = false,
        Action<AccessOptions>? access = null
    )
    {
        AzuriteServer azurite = await servers.Azurite;
        string environment = $"t{Guid.NewGuid():N}"[..16];
        string model = await TrialModel.RegisterAsync(azurite.Options);
        Type[] functions =
        [
            typeof(PromotionsFunction),
            typeof(RollbackFunction),
            typeof(SubscriptionsFunction),
            typeof(DeliveriesFunction),
            typeof(ExperimentsFunction),
            typeof(PromoteModel),
            typeof(WatchVersion),
            typeof(EnterPromotion),
            typeof(LeavePromotion),
            typeof(CheckPromotion),
            typeof(SetTraffic),
            typeof(RestoreTraffic),
            typeof(ReleaseTraffic),
            typeof(SwitchAlias),
            typeof(SampleTraffic),
            typeof(ReportDifferences),
            typeof(PublishStep),
            typeof(DeliverWebhook),
            typeof(SendWebhook),
            typeof(NoValidation),
        ];
        OrchestrationRunner runner = new(TimeProvider.System);
        FunctionsApp app = await FunctionsApp.StartAsync(
            functions,
            services =>
                services
                    .AddAccess(access ?? (_ => { }))
                    .AddStorage(options => options.Azure = azurite.Options)
                    .AddRegistry(options => options.Environments = [environment])
                    .AddCaptures()
                    .AddRollout()
                    .AddWebhooks(options => (options.AllowHttp, options.AllowPrivateAddresses) = (true, true))
                    .AddPromotion(options => options.Plans[environment] = plan)
                    .AddObjectives(),
            _ => runner.Client
        );
        runner.AddFunctions(functions, app.Services);
        PromotionsApi api = new(app, runner, environment, model, deliversWebhooks);
        await api.Get<ModelAliases>()
            .MoveAsync(environment, model, new AliasMove(1, AliasExpectation.Nothing, "setup", null), Cancellation);
        return api;
    }

    public Task<(int Status, JsonNode? Body)> PromoteAsync(int version, string? key = null, bool queue = false) =>
        SendAsync(
            HttpMethod.Post,
            "promotions",
            new
            {
                model = Model,
                version,
                to = Environment,
                queue,
            },
            "ci",
            key
        );

    public async Task<(int Status, JsonNode? Body)> SendAsync(
        HttpMethod method,
        string route,
        object? body = null,
        string? by = "ci",
        string? key = null,
        SignedIn? signedIn = null,
        string? functionKey = null
    )
    {
        using HttpRequestMessage request = new(method, $"api/{route}");
        if (by is not null)
        {
            request.Headers.Add("X-Requested-By", by);
        }
        signedIn?.AddTo(request);
        if (functionKey is not null)
        {
            request.Headers.Add("x-functions-key", functionKey);
        }
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }
        using HttpResponseMessage response = await _app.Client.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
    }

    /// <summary>Looks again and again until it holds.</summary>
    public async Task<JsonNode> UntilAsync(string route, Func<JsonNode, bool> holds)
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        long started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            (int status, JsonNode? body) = await SendAsync(HttpMethod.Get, route);
            if (status == 200 && holds(body!))
            {
                return body!;
            }
            if (TimeProvider.System.GetElapsedTime(started) > Limit)
            {
                throw new TimeoutException($"{route} still answers {status} {body}");
            }
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _webhooks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _runner.DisposeAsync();
        await _app.DisposeAsync();
        _stopped.Dispose();
    }

    /// <summary>Takes what the queue trigger would.</summary>
    private async Task TakeWebhookEventsAsync()
    {
        AzureWorkQueue queue = _app.Services.GetRequiredKeyedService<AzureWorkQueue>(WebhookPublisher.QueueName);
        WebhookEventFunction function = ActivatorUtilities.CreateInstance<WebhookEventFunction>(_app.Services);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (await timer.WaitForNextTickAsync(_stopped.Token))
        {
            foreach (WorkItem item in await queue.ReceiveAsync(10, TimeSpan.FromMinutes(1), _stopped.Token))
            {
                await function.RunAsync(item.Body, _runner.Client, _stopped.Token);
                await queue.CompleteAsync(item, _stopped.Token);
            }
        }
    }

    /// <summary>Stands in the place of the validation, whose own tests try it.</summary>
    public static class NoValidation
    {
        [Function("ValidateModel")]
        public static Task<ValidationResult> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context, ValidateModelInput input) =>
            Task.FromResult(new ValidationResult(true, [], [], $"validation/{input.Version}.json"));
    }
}
