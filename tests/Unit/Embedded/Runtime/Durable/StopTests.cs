using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class StopTests
{
    [Fact]
    public async Task Stop_LetsRunningActivitiesFinish_AndKeepsTheirResults()
    {
        int runs = 0;
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineHost host = await new EngineHost()
            .ActivityAsync("Slow", async (int n) =>
            {
                runs++;
                started.SetResult();
                await release.Task;
                return n;
            })
            .Orchestrator("Main", context => context.CallActivityAsync<int>("Slow", 4))
            .StartAsync();

        string id = await host.BeginAsync("Main");
        await started.Task;
        Task restarting = host.RestartAsync();
        release.SetResult();
        await restarting;
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(4, done.ReadOutputAs<int>());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task Stop_HandsBackActivitiesThatDoNotEnd_AndTheyRunAgain()
    {
        int runs = 0;
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using EngineHost host = new();
        host.Registry.AddActivity("Slow", async (_, cancellation) =>
        {
            if (++runs > 1)
                return "5";
            started.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
            return null;
        });
        await host.Orchestrator("Main", context => context.CallActivityAsync<int>("Slow")).StartAsync();

        string id = await host.BeginAsync("Main");
        await started.Task;
        Task restarting = host.RestartAsync();
        while (!restarting.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await restarting;
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(5, done.ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Crash_InTheMiddleOfAnActivity_RunsItAgain()
    {
        int runs = 0;
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously), never = new();
        await using EngineHost host = await new EngineHost()
            .ActivityAsync("Slow", async (int n) =>
            {
                if (++runs == 1)
                {
                    started.SetResult();
                    await never.Task;
                }

                return n;
            })
            .Orchestrator("Main", context => context.CallActivityAsync<int>("Slow", 6))
            .StartAsync();

        string id = await host.BeginAsync("Main");
        await started.Task;
        await host.CrashAndRestartAsync();
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(6, done.ReadOutputAs<int>());
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Client_AfterTheStop_IsRefused()
    {
        await using EngineHost host = await new EngineHost().StartAsync();
        DurableTaskClient client = host.Client;
        await host.Engine.StopAsync(EngineHost.Cancellation);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ScheduleNewOrchestrationInstanceAsync("Any", EngineHost.Cancellation));
    }

    [Fact]
    public async Task Client_BeforeTheStart_IsRefused()
    {
        await using DurableEngine engine = new(
            new DurableEngineOptions(), new DurableRegistry(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance);

        Assert.Throws<InvalidOperationException>(() => engine.Client);
    }

    [Fact]
    public async Task SecondEngine_OnTheSameFile_IsRefused()
    {
        await using EngineHost host = await new EngineHost().StartAsync();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => DurableStore.Open(host.Options.DatabasePath));

        Assert.Contains("in use by another process", e.Message);
    }

    [Fact]
    public async Task DatabaseOfALaterVersion_IsRefused_ByNumber()
    {
        await using EngineHost host = await new EngineHost().StartAsync();
        await host.Engine.StopAsync(EngineHost.Cancellation);
        using (SqlSession session = new(host.Options.DatabasePath))
            session.Execute("PRAGMA user_version = 9");

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => DurableStore.Open(host.Options.DatabasePath));

        Assert.Contains("schema version 9; this program reads version 1", e.Message);
    }

    [Fact]
    public void BadOptions_AreAllNamedTogether()
    {
        DurableEngineOptions options = new() { MaxConcurrentActivityFunctions = 0, MaxConcurrentOrchestratorFunctions = -1 };

        ArgumentException e = Assert.Throws<ArgumentException>(() => new DurableEngine(
            options, new DurableRegistry(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance));

        Assert.Contains("MaxConcurrentActivityFunctions", e.Message);
        Assert.Contains("MaxConcurrentOrchestratorFunctions", e.Message);
    }
}
