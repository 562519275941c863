using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class ExternalEventTests
{
    [Fact]
    public async Task EventBeforeTheWait_IsKept_WhateverItsCase()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", async context =>
            {
                await context.WaitForExternalEvent<string>("First");
                return await context.WaitForExternalEvent<string>("Approval");
            })
            .StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.Client.RaiseEventAsync(id, "approval", "yes", EngineHost.Cancellation);
        await host.QuietAsync();
        await host.Client.RaiseEventAsync(id, "FIRST", "now", EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal("yes", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task KeptEvents_AreTakenInTheirOrder()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", async context =>
            {
                await context.WaitForExternalEvent<int>("Go");
                return $"{await context.WaitForExternalEvent<int>("N")}{await context.WaitForExternalEvent<int>("N")}";
            })
            .StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.Client.RaiseEventAsync(id, "N", 1, EngineHost.Cancellation);
        await host.Client.RaiseEventAsync(id, "N", 2, EngineHost.Cancellation);
        await host.Client.RaiseEventAsync(id, "Go", 0, EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal("12", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitThatTimesOut_ThrowsTaskCanceledException_AndTakesNoLaterEvent()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", async context =>
            {
                string first;
                try
                {
                    first = await context.WaitForExternalEvent<string>("Go", TimeSpan.FromMinutes(5));
                }
                catch (TaskCanceledException)
                {
                    first = "timed out";
                }

                return first + ", then " + await context.WaitForExternalEvent<string>("Go");
            })
            .StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromMinutes(5));
        await host.QuietAsync();
        await host.Client.RaiseEventAsync(id, "Go", "came", EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal("timed out, then came", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task UncaughtTimeout_FailsTheInstance()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go", TimeSpan.FromMinutes(5)))
            .StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromMinutes(5));
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal("System.Threading.Tasks.TaskCanceledException", done.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task EventWhileSuspended_IsKept_AndTheInstanceStaysSuspended()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Wait", context => context.WaitForExternalEvent<string>("Go"))
            .StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.Client.SuspendInstanceAsync(id, "pause", EngineHost.Cancellation);
        await host.Client.RaiseEventAsync(id, "Go", "kept", EngineHost.Cancellation);
        await host.QuietAsync();
        await host.CrashAndRestartAsync();
        await host.QuietAsync();
        OrchestrationMetadata? suspended = await host.Client.GetInstanceAsync(id, EngineHost.Cancellation);
        await host.Client.ResumeInstanceAsync(id, "go on", EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended?.RuntimeStatus);
        Assert.Equal("kept", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task OrchestrationsSendEventsToEachOther()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Listener", context => context.WaitForExternalEvent<int>("Number"))
            .Orchestrator("Sender", context =>
            {
                context.SendEvent("listener", "number", 42);
                context.SendEvent("nobody", "number", 42);
                return Task.FromResult(true);
            })
            .StartAsync();

        await host.BeginAsync("Listener", id: "listener");
        OrchestrationMetadata sender = await host.RunAsync("Sender");
        OrchestrationMetadata listener = await host.FinishAsync("listener");

        Assert.Equal(OrchestrationRuntimeStatus.Completed, sender.RuntimeStatus);
        Assert.Equal(42, listener.ReadOutputAs<int>());
    }

    [Fact]
    public async Task EventForAnUnknownInstance_IsRefused()
    {
        await using EngineHost host = await new EngineHost().StartAsync();

        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(
            () => host.Client.RaiseEventAsync("nobody", "Go", null, EngineHost.Cancellation));

        Assert.Contains("'nobody'", e.Message);
    }

    [Fact]
    public async Task EventForAFinishedInstance_IsDropped()
    {
        await using EngineHost host = await new EngineHost().Orchestrator("One", _ => Task.FromResult(1)).StartAsync();
        OrchestrationMetadata done = await host.RunAsync("One");

        await host.Client.RaiseEventAsync(done.InstanceId, "Go", null, EngineHost.Cancellation);
        await host.QuietAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.FinishAsync(done.InstanceId)).RuntimeStatus);
    }
}
