using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Unit.Embedded.Runtime.Hosting;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Orchestrations;

/// <summary>Functions with durable triggers, through the whole host.</summary>
public sealed class DurableFunctionsTests
{
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task Orchestration_StartedOverHttp_RunsItsActivities()
    {
        await using var app = await StartAsync(typeof(Flow));

        Assert.Equal("\"hello bob|hello eve\" in bob-eve", await app.Client.GetStringAsync("api/start/bob-eve"));
        Assert.Equal(["bob bob-eve", "eve bob-eve"], (await _recorder.NextAsync(2)).Order());
    }

    [Fact]
    public async Task Orchestration_OutlivesTheHost()
    {
        var app = await StartAsync(typeof(Flow));
        await app.Client.GetStringAsync("api/wait/one");
        await app.StopAsync();

        await using var again = await StartAsync(typeof(Flow), app.Directory);

        Assert.Equal("\"bell\"", await again.Client.GetStringAsync("api/ring/one"));
    }

    [Fact]
    public void Orchestrators_OfOneName_AreRefused()
    {
        var failure = Assert.Throws<HostStartException>(() => TestApp.Build(new TestAppSetup(typeof(Twins)), Directory.CreateTempSubdirectory("app-").FullName));

        Assert.Equal("orchestrationTrigger 'Same' is declared by several functions: One, Two", Assert.Single(failure.Problems));
    }

    private Task<TestApp> StartAsync(Type functions, string? directory = null) => TestApp.StartAsync(new TestAppSetup(functions)
    {
        Directory = directory,
        HostJson = """{ "extensions": { "durableTask": { "hubName": "test" } } }""",
        Configure = builder => builder.Services.AddSingleton(_recorder),
    });

    public sealed record Names(string[] Items);

    public sealed class Flow(Recorder recorder)
    {
        [Function("Start")]
        public async Task<string> Start(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "start/{id}")] HttpRequest request,
            [DurableClient] DurableTaskClient client, string id, CancellationToken cancellationToken)
        {
            await client.ScheduleNewOrchestrationInstanceAsync("Greet", new Names(id.Split('-')), new StartOrchestrationOptions(id), cancellationToken);
            var done = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, cancellationToken);
            return $"{done.SerializedOutput} in {done.InstanceId}";
        }

        [Function("Greet")]
        public static async Task<string> Greet([OrchestrationTrigger] TaskOrchestrationContext context, Names names) =>
            string.Join('|', await Task.WhenAll(names.Items.Select(name => context.CallActivityAsync<string>("Hello", name))));

        [Function("Hello")]
        public Task<string> Hello([ActivityTrigger] string name, string instanceId)
        {
            recorder.Add($"{name} {instanceId}");
            return Task.FromResult($"hello {name}");
        }

        [Function("StartWait")]
        public Task<string> Wait(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "wait/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
            client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions(id));

        [Function("Wait")]
        public Task<string> WaitForBell([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Ring");

        [Function("Ring")]
        public async Task<string?> Ring(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "ring/{id}")] HttpRequest request, [DurableClient] DurableTaskClient client, string id)
        {
            await client.RaiseEventAsync(id, "Ring", "bell");
            return (await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true)).SerializedOutput;
        }
    }

    public sealed class Twins
    {
        [Function("One")]
        public Task One([OrchestrationTrigger(Orchestration = "Same")] TaskOrchestrationContext context) => Task.CompletedTask;

        [Function("Two")]
        public Task Two([OrchestrationTrigger(Orchestration = "same")] TaskOrchestrationContext context) => Task.CompletedTask;
    }
}
