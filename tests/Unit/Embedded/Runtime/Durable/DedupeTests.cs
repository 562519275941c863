using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class DedupeTests
{
    [Fact]
    public async Task RacingStartsOfOneId_StartItOnce()
    {
        int runs = 0;
        await using EngineHost host = await new EngineHost()
            .Activity("Count", (int _) => Interlocked.Increment(ref runs))
            .Orchestrator("Once", context => context.CallActivityAsync<int>("Count", 0))
            .StartAsync();
        StartOrchestrationOptions options = new StartOrchestrationOptions("asset-1")
            .WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);

        bool[] started = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TryStartAsync(host, "Once", options)));
        await host.FinishAsync("asset-1");
        bool late = await TryStartAsync(host, "Once", options);
        await host.QuietAsync();

        Assert.Single(started, true);
        Assert.False(late);
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task RunningInstance_IsNotReplaced_ByDefault()
    {
        await using EngineHost host = await Waiting();

        OrchestrationAlreadyExistsException e = await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => host.BeginAsync("Wait", id: "one"));

        Assert.Contains("'one' with the status Running", e.Message);
    }

    [Fact]
    public async Task FinishedInstance_IsReplaced_ByDefault()
    {
        await using EngineHost host = await Waiting();
        await host.Client.RaiseEventAsync("one", "Go", 1, EngineHost.Cancellation);
        await host.FinishAsync("one");

        await host.BeginAsync("Wait", id: "one");
        await host.Client.RaiseEventAsync("one", "Go", 2, EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync("one");

        Assert.Equal(2, done.ReadOutputAs<int>());
    }

    [Fact]
    public async Task RunningInstance_GivesWay_WhenItsStatusIsNotNamed()
    {
        await using EngineHost host = await Waiting();

        bool started = await TryStartAsync(
            host, "Wait", new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed));
        await host.Client.RaiseEventAsync("one", "Go", 3, EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync("one");

        Assert.True(started);
        Assert.Equal(3, done.ReadOutputAs<int>());
    }

    [Theory]
    [InlineData("Terminated", "Running")]
    [InlineData("Sleeping")]
    [InlineData("ContinuedAsNew")]
    public async Task Rejects_StatusesThatMakeNoSense(params string[] statuses)
    {
        await using EngineHost host = await Waiting();

        await Assert.ThrowsAsync<ArgumentException>(() => TryStartAsync(
            host, "Wait", new StartOrchestrationOptions("two") { DedupeStatuses = statuses }));
    }

    private static async Task<EngineHost> Waiting()
    {
        EngineHost host = await new EngineHost()
            .Orchestrator("Wait", context => context.WaitForExternalEvent<int>("Go"))
            .StartAsync();
        await host.BeginAsync("Wait", id: "one");
        await host.QuietAsync();
        return host;
    }

    private static async Task<bool> TryStartAsync(EngineHost host, string name, StartOrchestrationOptions options)
    {
        try
        {
            await host.Client.ScheduleNewOrchestrationInstanceAsync(name, options, EngineHost.Cancellation);
            return true;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return false;
        }
    }
}
