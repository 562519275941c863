using DurableTask.Core;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public class RewindTests
{
    [Fact]
    public async Task Rewind_RunsTheFailedActivityAgain_AndKeepsTheResultsOfOthers()
    {
        int calls = 0;
        bool broken = true;
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Count", text => $"{text}{Interlocked.Increment(ref calls)}")
            .Activity("Flaky", text => broken ? throw new IOException("away") : text)
            .Orchestrator("Main", async (context, _) =>
                await context.ScheduleTask<string>("Count", "", "c") + await context.ScheduleTask<string>("Flaky", "", "ok")
            )
            .StartAsync();
        OrchestrationState failed = await host.RunAsync("Main", id: "main");

        broken = false;
        await host.Service.RewindAsync("main", "mended");
        OrchestrationState done = await FinishRewoundAsync(host, "main");

        Assert.Equal(OrchestrationStatus.Failed, failed.OrchestrationStatus);
        Assert.Equal("c1ok", done.Output);
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Rewind_ReachesAFailedSubOrchestration()
    {
        bool broken = true;
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Flaky", text => broken ? throw new IOException("away") : text)
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Child", "", "child", null))
            .Orchestrator("Child", async (context, _) => $"\"{await context.ScheduleTask<string>("Flaky", "", "mended")}\"")
            .StartAsync();
        await host.RunAsync("Parent", id: "main");

        broken = false;
        await host.Service.RewindAsync("main", "mended");
        OrchestrationState done = await FinishRewoundAsync(host, "main");

        Assert.Equal("mended", done.Output);
        Assert.Equal(OrchestrationStatus.Completed, host.Service.Find("child", withContent: false)!.OrchestrationStatus);
    }

    [Fact]
    public async Task Rewind_RestoresWhatWasStillAwaited_WhenTheInstanceFailed()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = new OrchestrationHost()
            .Activity("Slow", async text =>
            {
                begun.TrySetResult();
                await slow.Task;
                return text;
            })
            .Orchestrator("Child", (code, _, _) => code.WaitForEventAsync("go"))
            .Orchestrator("Main", async (code, context, _) =>
            {
                Task<string> child = context.CreateSubOrchestrationInstance<string>("Child", "", "child", null);
                Task<string> activity = context.ScheduleTask<string>("Slow", "", "slow");
                Task<string> timer = context.CreateTimer(context.CurrentUtcDateTime.AddHours(1), "timer");
                await code.WaitForEventAsync("poison");
                return string.Join(' ', await activity, await timer, await child);
            });
        await host.StartAsync();
        await host.BeginAsync("Main", id: "main");
        await begun.Task;
        host.Crash();
        await host.StartAsync(works: false);
        await host.RaiseAsync("main", "poison", "x");
        await host.MakeLastAttemptAsync("main");
        await host.CrashAndRestartAsync();
        OrchestrationState failed = await host.FinishAsync("main");

        await host.Service.RewindAsync("main", "mended");
        slow.SetResult();
        await host.RaiseAsync("main", "poison", "x");
        await host.RaiseAsync("child", "go", "child");
        await host.QuietAsync();
        host.Time.Advance(TimeSpan.FromHours(2));
        OrchestrationState done = await FinishRewoundAsync(host, "main");

        Assert.Equal(OrchestrationStatus.Failed, failed.OrchestrationStatus);
        Assert.Equal("slow timer child", done.Output);
    }

    [Fact]
    public async Task Rewind_GoesBeforeTheResultsThatAreKept_AlsoWhereTheyAreMoreThanATurnTakes()
    {
        const int Slow = 1_050; // a turn takes 1,000 messages
        TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = new OrchestrationHost()
            .Activity("Slow", async text =>
            {
                await slow.Task;
                return text;
            })
            .Orchestrator("Main", async (code, context, _) =>
            {
                Task<string>[] all = [.. Enumerable.Range(0, Slow).Select(i => context.ScheduleTask<string>("Slow", "", $"{i}"))];
                await code.WaitForEventAsync("poison");
                return $"{(await Task.WhenAll(all)).Length}";
            });
        await host.StartAsync();
        await host.BeginAsync("Main", id: "main");
        while (host.Count("SELECT count(*) FROM activities") < Slow)
        {
            await Task.Yield();
        }

        host.Crash();
        await host.StartAsync(works: false);
        await host.RaiseAsync("main", "poison", "x");
        await host.MakeLastAttemptAsync("main");
        await host.CrashAndRestartAsync();
        OrchestrationState failed = await host.FinishAsync("main");
        slow.SetResult();
        await host.QuietAsync();

        await host.Service.RewindAsync("main", "mended");
        await host.RaiseAsync("main", "poison", "x");
        OrchestrationState done = await FinishRewoundAsync(host, "main");

        Assert.Equal(OrchestrationStatus.Failed, failed.OrchestrationStatus);
        Assert.Equal($"{Slow}", done.Output);
    }

    [Fact]
    public async Task Rewind_IsRefused_ForWhatHasNotFailed()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Quick", (_, _) => Task.FromResult("\"x\""))
            .StartAsync();
        await host.RunAsync("Quick", id: "done");

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Service.RewindAsync("done", "why"));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Service.RewindAsync("nobody", "why"));
    }

    // An instance that is rewound is still failed until its turn is taken.
    private static async Task<OrchestrationState> FinishRewoundAsync(OrchestrationHost host, string id)
    {
        await host.QuietAsync();
        return await host.FinishAsync(id);
    }
}
