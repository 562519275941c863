using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class SubOrchestrationTests
{
    [Fact]
    public async Task Child_KnowsItsParent_AndReturnsItsOutput()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Child", context => Task.FromResult($"{context.GetInput<int>()} for {context.Parent!.Name} {context.Parent.InstanceId}"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>("Child", 7))
            .StartAsync();

        await host.BeginAsync("Parent", id: "top");
        OrchestrationMetadata done = await host.FinishAsync("top");

        Assert.Equal("7 for Parent top", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Children_FanOut_AndSurviveACrashInTheMiddle()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Child", async context => context.GetInput<int>() * await context.WaitForExternalEvent<int>("Factor"))
            .Orchestrator("Parent", async context => (await Task.WhenAll(Enumerable.Range(0, 10).Select(n =>
                context.CallSubOrchestratorAsync<int>("Child", n, new SubOrchestrationOptions(instanceId: $"child-{n}"))))).Sum())
            .StartAsync();

        string id = await host.BeginAsync("Parent");
        await host.QuietAsync();
        for (int n = 0; n < 5; n++)
            await host.Client.RaiseEventAsync($"child-{n}", "Factor", 2, EngineHost.Cancellation);
        await host.CrashAndRestartAsync();
        for (int n = 5; n < 10; n++)
            await host.Client.RaiseEventAsync($"child-{n}", "Factor", 2, EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(90, done.ReadOutputAs<int>());
    }

    [Fact]
    public async Task FailedChild_ReachesTheParent_AsTaskFailedException()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator<int>("Child", _ => throw new InvalidDataException("broken"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Child"))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Parent");

        Assert.Equal("Task 'Child' (#0) failed with an unhandled exception: broken", done.SerializedOutput);
        Assert.Equal("System.IO.InvalidDataException", done.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task ChildWithTheIdOfARunningInstance_Fails()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Wait", null, new SubOrchestrationOptions(instanceId: "taken")))
            .StartAsync();

        await host.BeginAsync("Wait", id: "taken");
        OrchestrationMetadata done = await host.RunAsync("Parent");

        Assert.Equal("OrchestrationAlreadyExists", done.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Termination_ReachesChildren_OnlyWhenRecursive(bool recursive, OrchestrationRuntimeStatus expected)
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Leaf", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Child", context => context.CallSubOrchestratorAsync<int>("Leaf", null, new SubOrchestrationOptions(instanceId: "leaf")))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Child"))
            .StartAsync();

        string id = await host.BeginAsync("Parent");
        await host.QuietAsync();
        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("enough", recursive), EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);
        await host.QuietAsync();
        OrchestrationMetadata? leaf = await host.Client.GetInstanceAsync("leaf", EngineHost.Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, done.RuntimeStatus);
        Assert.Equal("enough", done.ReadOutputAs<string>());
        Assert.Equal(expected, leaf?.RuntimeStatus);
    }

    [Fact]
    public async Task TerminatedChild_FailsItsTask()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Child", context => context.WaitForExternalEvent<int>("Go"))
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Child", null, new SubOrchestrationOptions(instanceId: "child")))
            .StartAsync();

        string id = await host.BeginAsync("Parent");
        await host.QuietAsync();
        await host.Client.TerminateInstanceAsync("child", EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Contains("'child' was terminated", done.SerializedOutput);
    }
}
