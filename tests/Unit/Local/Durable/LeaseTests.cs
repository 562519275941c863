using System.Collections.Concurrent;
using DurableTask.Core;
using DurableTask.Core.Entities;
using DurableTask.Core.Exceptions;
using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>Several processes on one file: who has which work, when it is taken over, and what becomes of a late result.</summary>
public class LeaseTests
{
    [Fact]
    public async Task WorkOfADeadProcess_IsTakenOver_AtTheNextLook()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost dead = await Stuck(new OrchestrationHost(), begun).StartAsync();
        await dead.BeginAsync("Main", id: "main");
        await begun.Task;
        await using OrchestrationHost heir = await Working(new OrchestrationHost(dead)).StartAsync();

        dead.Crash();
        heir.Time.Advance(TimeSpan.FromSeconds(1.1));

        Assert.Equal("done", (await heir.FinishAsync("main")).Output);
    }

    [Fact]
    public async Task WorkOfADeadProcess_IsTakenOverAtOnce_WhenItStartsAgain()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost dead = await Stuck(new OrchestrationHost(), begun).StartAsync();
        await dead.BeginAsync("Main", id: "main");
        await begun.Task;

        dead.Crash();
        await using OrchestrationHost again = await Working(new OrchestrationHost(dead)).StartAsync();

        Assert.Equal("done", (await again.FinishAsync("main")).Output);
    }

    [Fact]
    public async Task WorkOfAProcessThatHangs_IsTakenOver_WhenItsLeaseEnds()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost hung = await Stuck(new OrchestrationHost(), begun).StartAsync();
        await hung.BeginAsync("Main", id: "main");
        await begun.Task;
        hung.Crash(hangs: true);
        await using OrchestrationHost heir = await Working(new OrchestrationHost(hung)).StartAsync();

        heir.Time.Advance(TimeSpan.FromSeconds(9));
        await WakeAsync(heir);
        long before = heir.Count("SELECT count(*) FROM activities WHERE owner = 1");
        heir.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(1, before);
        Assert.Equal("done", (await heir.FinishAsync("main")).Output);
    }

    [Fact]
    public async Task AProcessWhoseFileCannotBeMade_Works_AndIsTakenOverWhenItsLeaseEnds()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost dead = Stuck(new OrchestrationHost(), begun);
        Directory.CreateDirectory($"{dead.Options.FilePath}-worker1");
        await dead.StartAsync();
        await dead.BeginAsync("Main", id: "main");
        await begun.Task;
        dead.Crash();
        await using OrchestrationHost heir = await Working(new OrchestrationHost(dead)).StartAsync();

        heir.Time.Advance(dead.Options.LeaseDuration + TimeSpan.FromSeconds(1));

        Assert.Equal("done", (await heir.FinishAsync("main")).Output);
    }

    [Fact]
    public async Task ResultOfAProcessThatLostItsLease_IsRefused_AndCountsNothing()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<string> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost slow = await new OrchestrationHost()
            .Activity("Work", _ =>
            {
                begun.TrySetResult();
                return late.Task;
            })
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Work", "", "x"))
            .StartAsync();
        await slow.BeginAsync("Main", id: "main");
        await begun.Task;

        // As if the first process had been stopped for longer than its lease while the other went on.
        await using OrchestrationHost heir = await Working(new OrchestrationHost(slow)).StartAsync();
        using (SqlSession session = new(slow.Options.FilePath))
        {
            session.Execute("UPDATE workers SET lease_until = 0 WHERE id = 1");
        }

        heir.Time.Advance(TimeSpan.FromSeconds(1.1));
        OrchestrationState done = await heir.FinishAsync("main");
        late.SetResult("late");
        await slow.RunAsync("Main", id: "next");

        Assert.Equal("done", done.Output);
        Assert.Equal("done", heir.Service.Find("main", withContent: true)!.Output);
    }

    [Fact]
    public async Task TwoProcesses_OnOneFile_ShareTheWork_AndDoEachPieceOnce()
    {
        ConcurrentDictionary<string, int> runs = new();
        string Count(string input) => runs.AddOrUpdate(input, 1, (_, n) => n + 1).ToString();
        async Task<string> Main(OrchestrationContext context, string input)
        {
            string id = context.OrchestrationInstance.InstanceId;
            await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.ScheduleTask<string>("Count", "", $"{id}/{i}")));
            return "ok";
        }

        // The test moves the clock faster than the machine's work goes.
        await using OrchestrationHost one = new OrchestrationHost { Concurrency = 2 }
            .Activity("Count", Count)
            .Orchestrator("Main", Main);
        await using OrchestrationHost two = new OrchestrationHost(one) { Concurrency = 2 }
            .Activity("Count", Count)
            .Orchestrator("Main", Main);
        one.Options.LeaseDuration = two.Options.LeaseDuration = TimeSpan.FromDays(100);
        await one.StartAsync();
        await two.StartAsync();

        for (int i = 0; i < 40; i++)
        {
            await (i % 2 == 0 ? one : two).BeginAsync("Main", id: $"m{i}");
        }

        for (int i = 0; i < 40; i++)
        {
            Task<OrchestrationState> done = one.FinishAsync($"m{i}");
            while (!done.IsCompleted)
            {
                // Each looks for what the other wrote when its time comes.
                one.Time.Advance(TimeSpan.FromMilliseconds(50));
                await Task.Yield();
            }

            Assert.Equal("ok", (await done).Output);
        }

        Assert.Equal(200, runs.Count);
        Assert.All(runs.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task ActivityThatTakesTheProcessDown_Fails_AfterItsAttempts()
    {
        int begun = 0;
        TaskCompletionSource dying = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = new OrchestrationHost()
            .Activity("Poison", async text =>
            {
                Interlocked.Increment(ref begun);
                dying.TrySetResult();
                await new TaskCompletionSource().Task;
                return text;
            })
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Poison", "", "x"));
        host.Options.MaxAttempts = 3;
        await host.StartAsync();
        await host.BeginAsync("Main", id: "main");

        for (int death = 0; death < 3; death++)
        {
            await dying.Task;
            dying = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await host.CrashAndRestartAsync();
        }

        OrchestrationState failed = await host.FinishAsync("main");
        Assert.Equal(3, begun);
        Assert.Contains("'Poison' began 3 times", failed.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task TurnThatTakesTheProcessDown_FailsTheInstance_AndItsParentLearnsIt()
    {
        bool isPoison = true;
        TaskCompletionSource dying = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Poison", "", "child", null))
            .Orchestrator("Poison", (_, _) =>
            {
                dying.TrySetResult();
                return isPoison ? throw new SessionAbortedException("as if the process had died") : Task.FromResult("\"mended\"");
            })
            .StartAsync();
        await host.BeginAsync("Parent", id: "top");
        await dying.Task;
        await host.MakeLastAttemptAsync("child");
        host.Time.Advance(TimeSpan.FromSeconds(2));

        OrchestrationState failed = await host.FinishAsync("top");
        isPoison = false;
        await host.Service.RewindAsync("top", "mended");
        await host.QuietAsync();

        Assert.Contains("'child' began", failed.FailureDetails!.ErrorMessage);
        Assert.Equal("\"mended\"", host.Service.Find("child", withContent: true)!.Output);
        Assert.Equal(OrchestrationStatus.Completed, host.Service.Find("top", withContent: true)!.OrchestrationStatus);
    }

    [Fact]
    public async Task EntityThatTakesTheProcessDown_FailsItsCaller_AndWorksOn()
    {
        EntityId entity = new("counter", "one");
        TaskCompletionSource dying = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = await new OrchestrationHost()
            .Counter(() =>
            {
                dying.TrySetResult();
                throw new SessionAbortedException("as if the process had died");
            })
            .Orchestrator("Main", async (code, context, _) => await code.CallEntityAsync(context, entity, "crash", null, 1) ?? "")
            .StartAsync();
        await host.SignalAsync(entity, "add", "4");
        await host.QuietAsync();
        await host.BeginAsync("Main", id: "main");
        await dying.Task;
        await host.MakeLastAttemptAsync(entity.ToString());
        host.Time.Advance(TimeSpan.FromSeconds(2));

        OrchestrationState failed = await host.FinishAsync("main");
        await host.SignalAsync(entity, "add", "1");
        await host.QuietAsync();

        Assert.Contains("began", failed.FailureDetails!.ErrorMessage);
        Assert.Equal("5", await host.CounterAsync(entity));
    }

    [Fact]
    public async Task Stop_HandsBackWhatIsInHand_AndCountsNoAttempt()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost first = await Stuck(new OrchestrationHost(), begun).StartAsync();
        await first.BeginAsync("Main", id: "main");
        await begun.Task;

        await first.Service.StopAsync();

        Assert.Equal(0, first.Count("SELECT count(*) FROM workers"));
        Assert.Equal(1, first.Count("SELECT count(*) FROM activities WHERE owner IS NULL AND attempts = 0"));
        await using OrchestrationHost next = await Working(new OrchestrationHost(first)).StartAsync();
        Assert.Equal("done", (await next.FinishAsync("main")).Output);
    }

    private static OrchestrationHost Stuck(OrchestrationHost host, TaskCompletionSource begun) =>
        host.Activity("Work", async _ =>
            {
                begun.TrySetResult();
                await new TaskCompletionSource().Task;
                return "never";
            })
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Work", "", "x"));

    private static OrchestrationHost Working(OrchestrationHost host) =>
        host.Activity("Work", _ => "done").Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Work", "", "x"));

    // Any write makes a host look around when its time has come.
    private static Task WakeAsync(OrchestrationHost host) => host.RaiseAsync("nobody", "nothing", "x");
}
