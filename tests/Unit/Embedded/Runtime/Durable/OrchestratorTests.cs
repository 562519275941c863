using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class OrchestratorTests
{
    [Fact]
    public async Task UnknownOrchestrator_EndsFailed()
    {
        await using EngineHost host = await new EngineHost().StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Nowhere");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal("OrchestratorTaskNotFound", done.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task ThrowingOrchestrator_EndsFailed_WithItsMessageAsOutput()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator<int>("Throw", _ => throw new InvalidOperationException("no more pears"))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Throw");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal("no more pears", done.SerializedOutput);
        Assert.Equal("System.InvalidOperationException", done.FailureDetails?.ErrorType);
        Assert.True(done.FailureDetails?.IsCausedBy<InvalidOperationException>());
    }

    [Fact]
    public async Task Context_KnowsItsNameInstanceVersionAndTags()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Who", context => Task.FromResult(
                $"{context.Name}|{context.InstanceId}|{context.Version}|{context.CompareVersionTo("1.10")}|{context.Parent?.InstanceId}"))
            .StartAsync();
        StartOrchestrationOptions options = new("one")
        {
            Version = "1.9",
            Tags = new Dictionary<string, string> { ["desk"] = "news" },
        };

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Who", options, EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync("one");

        Assert.Equal("Who|one|1.9|-1|", done.ReadOutputAs<string>());
        Assert.Equal("news", done.Tags["desk"]);
    }

    [Fact]
    public async Task InstanceWithoutVersion_GetsTheDefault_AndSoDoItsChildren()
    {
        await using EngineHost host = new();
        host.Options.DefaultVersion = "2.0";
        await host
            .Orchestrator("Child", context => Task.FromResult(context.Version))
            .Orchestrator("Who", async context => $"{context.Version} {await context.CallSubOrchestratorAsync<string>("Child")} "
                + await context.CallSubOrchestratorAsync<string>("Child", new TaskOptions { Version = "3" }))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Who");

        Assert.Equal("2.0 2.0 3", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task TimeAndGuids_AreTheSameInEveryReplay()
    {
        List<string> seen = [];
        await using EngineHost host = new();
        host.Options.MaxIdleExecutions = 0;
        await host
            .Orchestrator("Look", async context =>
            {
                string before = $"{context.CurrentUtcDateTime:O} {context.NewGuid()} {context.NewGuid()}";
                seen.Add(before);
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return before;
            })
            .StartAsync();

        string id = await host.BeginAsync("Look");
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromMinutes(1));
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(3, seen.Count);
        Assert.All(seen, text => Assert.Equal(done.ReadOutputAs<string>(), text));
        Assert.Equal(2, seen[0].Split(' ')[1..].Distinct().Count());
    }

    [Fact]
    public async Task CustomStatus_IsReadableWhileTheInstanceRuns()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Report", async context =>
            {
                context.SetCustomStatus(new { Step = "waiting" });
                await context.WaitForExternalEvent<string>("Go");
                return 1;
            })
            .StartAsync();

        string id = await host.BeginAsync("Report");
        await host.QuietAsync();
        OrchestrationMetadata? running = await host.Client.GetInstanceAsync(id, true, EngineHost.Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Running, running?.RuntimeStatus);
        Assert.Equal("""{"Step":"waiting"}""", running?.SerializedCustomStatus);
    }

    [Fact]
    public async Task DelayedStart_WaitsPending_ForItsTime()
    {
        await using EngineHost host = await new EngineHost().Orchestrator("Now", context => Task.FromResult(context.CurrentUtcDateTime)).StartAsync();
        DateTimeOffset at = host.Time.GetUtcNow().AddHours(2);

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Now", new StartOrchestrationOptions("later", at), EngineHost.Cancellation);
        await host.QuietAsync();
        OrchestrationMetadata? waiting = await host.Client.GetInstanceAsync("later", EngineHost.Cancellation);
        await host.CrashAndRestartAsync();
        host.Time.Advance(TimeSpan.FromHours(2));
        OrchestrationMetadata done = await host.FinishAsync("later");

        Assert.Equal(OrchestrationRuntimeStatus.Pending, waiting?.RuntimeStatus);
        Assert.Equal(at.UtcDateTime, done.ReadOutputAs<DateTime>());
    }

    [Fact]
    public async Task ContinueAsNew_StartsOverWithAFreshHistory()
    {
        await using EngineHost host = await new EngineHost()
            .Activity("Next", (int n) => n + 1)
            .Orchestrator("Loop", async context =>
            {
                int n = await context.CallActivityAsync<int>("Next", context.GetInput<int>());
                if (n < 20)
                    context.ContinueAsNew(n);
                return n;
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Loop", 0);
        var history = await host.Client.GetOrchestrationHistoryAsync(done.InstanceId, EngineHost.Cancellation);

        Assert.Equal(20, done.ReadOutputAs<int>());
        Assert.Equal("19", done.SerializedInput);
        Assert.Single(history.OfType<global::DurableTask.Core.History.TaskScheduledEvent>());
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Completed)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task ContinueAsNew_KeepsUnprocessedEvents_IfAskedTo(bool preserve, OrchestrationRuntimeStatus expected)
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Loop", async context =>
            {
                if (context.GetInput<int>() == 0)
                {
                    await context.WaitForExternalEvent<int>("Go");
                    context.ContinueAsNew(1, preserve);
                    return 0;
                }

                return await context.WaitForExternalEvent<int>("Extra");
            })
            .StartAsync();

        string id = await host.BeginAsync("Loop", 0);
        await host.Client.RaiseEventAsync(id, "Extra", 7, EngineHost.Cancellation);
        await host.Client.RaiseEventAsync(id, "Go", 0, EngineHost.Cancellation);
        await host.QuietAsync();
        OrchestrationMetadata? end = await host.Client.GetInstanceAsync(id, true, EngineHost.Cancellation);

        Assert.Equal(expected, end?.RuntimeStatus);
        Assert.Equal(preserve ? "7" : null, end?.SerializedOutput);
    }

    [Fact]
    public async Task ContinueAsNew_CanChangeTheVersion()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Loop", context =>
            {
                if (context.Version.Length == 0)
                    context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "3" });
                return Task.FromResult(context.Version);
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Loop");

        Assert.Equal("3", done.ReadOutputAs<string>());
    }
}
