using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class TimerTests
{
    [Fact]
    public async Task Timer_FiresAtItsTime_AndSurvivesACrash()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Sleep", async context =>
            {
                DateTime start = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromDays(60), CancellationToken.None);
                return (context.CurrentUtcDateTime - start).TotalDays;
            })
            .StartAsync();

        string id = await host.BeginAsync("Sleep");
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromDays(59));
        await host.QuietAsync();
        await host.CrashAndRestartAsync();
        OrchestrationMetadata? before = await host.Client.GetInstanceAsync(id, EngineHost.Cancellation);
        for (int day = 0; day < 3; day++)
            host.Time.Advance(TimeSpan.FromDays(0.5));
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Running, before?.RuntimeStatus);
        Assert.InRange(done.ReadOutputAs<double>(), 60, 60.5);
    }

    [Fact]
    public async Task TimerThatIsCancelled_LeavesTheOrchestrationToGoOn()
    {
        await using EngineHost host = await new EngineHost()
            .Activity("Quick", (int n) => n)
            .Orchestrator("Race", async context =>
            {
                using CancellationTokenSource cancellation = new();
                Task timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
                Task<int> work = context.CallActivityAsync<int>("Quick", 5);
                Task first = await Task.WhenAny(timer, work);
                cancellation.Cancel();
                await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
                return $"{first == work} {await work}";
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Race");
        host.Time.Advance(TimeSpan.FromHours(2));
        await host.QuietAsync();

        Assert.Equal("True 5", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task TimerInThePast_FiresAtOnce()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Past", async context =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddDays(-1), CancellationToken.None);
                return "on";
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Past");

        Assert.Equal("on", done.ReadOutputAs<string>());
    }
}
