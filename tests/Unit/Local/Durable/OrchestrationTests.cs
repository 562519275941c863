using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public class OrchestrationTests
{
    [Fact]
    public async Task Chain_OfActivities_PassesOutputsOn()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Append", text => text + "!")
            .Orchestrator("Chain", async (context, input) =>
                await context.ScheduleTask<string>("Append", "", await context.ScheduleTask<string>("Append", "", input))
            )
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Chain", "a");

        Assert.Equal(OrchestrationStatus.Completed, done.OrchestrationStatus);
        Assert.Equal("\"a\"!!", done.Output);
        Assert.Equal("\"a\"", done.Input);
    }

    /// <summary>
    /// Each turn reads the whole history: their sum says how the work grows. With turns of a thousand results it would be 15 histories and
    /// more here. More activities take the framework minutes: for each result it searches the history (ReconcileMessagesWithState).
    /// </summary>
    [Fact(Explicit = true)]
    public async Task FanOut_OfTwentyThousandActivities_GathersAll_InFewTurns()
    {
        const int activities = 20_000;
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Echo", text => text)
            .Orchestrator("Fan", async (context, _) =>
                (
                    await Task.WhenAll(Enumerable.Range(0, activities).Select(_ => context.ScheduleTask<string>("Echo", "", "x")))
                ).Length.ToString(CultureInfo.InvariantCulture)
            )
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Fan", id: "fan");

        Assert.Equal($"{activities}", done.Output);
        long read = host.Count("SELECT sum(position) FROM history WHERE instance_id = 'fan'");
        Assert.InRange(read / (2.0 * activities), 1, 12);
    }

    [Fact]
    public async Task FanOut_OfManyActivities_GathersAll()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Echo", text => text)
            .Orchestrator("Fan", async (context, _) =>
                string.Join(
                    ' ',
                    await Task.WhenAll(
                        Enumerable
                            .Range(0, 300)
                            .Select(i => context.ScheduleTask<string>("Echo", "", i.ToString(CultureInfo.InvariantCulture)))
                    )
                )
            )
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Fan");

        Assert.Equal(string.Join(' ', Enumerable.Range(0, 300)), done.Output);
    }

    [Fact]
    public async Task Activities_RunAtMostAsManyAtATimeAsTheSettingsSay()
    {
        int running = 0;
        int most = 0;
        TaskCompletionSource full = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = await new OrchestrationHost { Concurrency = 3 }
            .Activity("Slow", async text =>
            {
                int now = Interlocked.Increment(ref running);
                most = Math.Max(most, now);
                if (now == 3)
                {
                    full.TrySetResult();
                }

                await full.Task;
                Interlocked.Decrement(ref running);
                return text;
            })
            .Orchestrator("Fan", async (context, _) =>
                (await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => context.ScheduleTask<string>("Slow", "", "x")))).Length.ToString()
            )
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Fan");

        Assert.Equal("12", done.Output);
        Assert.Equal(3, most);
    }

    [Fact]
    public async Task FailedActivity_FailsTheInstance_WithItsMessage()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Fail", string (_) => throw new InvalidDataException("bad bytes"))
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Fail", "", "x"))
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Main");

        Assert.Equal(OrchestrationStatus.Failed, done.OrchestrationStatus);
        Assert.Contains("bad bytes", done.FailureDetails!.ErrorMessage);
        Assert.Contains("bad bytes", done.Output);
    }

    [Theory]
    [InlineData(2, OrchestrationStatus.Completed, 3)]
    [InlineData(9, OrchestrationStatus.Failed, 4)] // as many attempts as the options allow
    public async Task Retry_WaitsLongerEachTime_AndSurvivesACrash(int failures, OrchestrationStatus status, int attempts)
    {
        int begun = 0;
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Work", _ =>
                Interlocked.Increment(ref begun) > failures ? "done" : throw new InvalidOperationException($"attempt {begun}")
            )
            .Orchestrator("Main", (context, _) =>
                context.ScheduleWithRetry<string>(
                    "Work",
                    "",
                    new RetryOptions(TimeSpan.FromMinutes(1), maxNumberOfAttempts: 4) { BackoffCoefficient = 2 },
                    ""
                )
            )
            .StartAsync();
        await host.BeginAsync("Main", id: "main");
        await host.QuietAsync();
        int first = begun;

        host.Time.Advance(TimeSpan.FromSeconds(50));
        await host.CrashAndRestartAsync();
        await host.QuietAsync();
        int early = begun;
        Task<OrchestrationState> done = host.FinishAsync("main");
        while (!done.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromMinutes(1));
            await host.QuietAsync();
        }

        Assert.Equal((1, 1), (first, early));
        Assert.Equal((status, attempts), ((await done).OrchestrationStatus, begun));
    }

    [Fact]
    public async Task CodeThatReplaysDifferently_FailsItsInstanceByName_AndNoOther()
    {
        string next = "Work";
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Work", input => input)
            .Orchestrator("Main", async (code, context, _) =>
            {
                await context.ScheduleTask<string>(next, "", "x");
                return await code.WaitForEventAsync("go");
            })
            .Orchestrator("Other", (code, _, _) => code.WaitForEventAsync("go"))
            .StartAsync();
        await host.BeginAsync("Main", id: "main");
        await host.BeginAsync("Other", id: "other");
        await host.QuietAsync();

        next = "Renamed";
        await host.CrashAndRestartAsync();
        await host.RaiseAsync("main", "go", "on");
        await host.RaiseAsync("other", "go", "on");
        OrchestrationState failed = await host.FinishAsync("main");

        Assert.Equal(OrchestrationStatus.Failed, failed.OrchestrationStatus);
        Assert.Contains("Renamed", failed.FailureDetails.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("\"on\"", (await host.FinishAsync("other")).Output);
    }

    [Fact]
    public async Task SubOrchestration_ReturnsItsOutput_AndKnowsItsParent()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Child", "", "the-child", "in"))
            .Orchestrator("Child", (_, input) => Task.FromResult($"\"{input.Trim('"')} out\""))
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Parent", id: "the-parent");

        Assert.Equal("in out", done.Output);
        OrchestrationState child = host.Service.Find("the-child", withContent: true)!;
        Assert.Equal("the-parent", child.ParentInstance.OrchestrationInstance.InstanceId);
    }

    [Fact]
    public async Task ChildWithTheIdOfARunningInstance_Fails()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Waiting", (code, _, _) => code.WaitForEventAsync("never"))
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Waiting", "", "taken", "in"))
            .StartAsync();
        await host.BeginAsync("Waiting", id: "taken");

        OrchestrationState done = await host.RunAsync("Parent");

        Assert.Equal(OrchestrationStatus.Failed, done.OrchestrationStatus);
        Assert.Contains("'taken'", done.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task ContinueAsNew_StartsOverWithAFreshHistory_AndKeepsEvents()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Loop", async (code, context, input) =>
            {
                string sum = input.Trim('"') + (await code.WaitForEventAsync("more")).Trim('"');
                if (sum.Length < 6)
                {
                    context.ContinueAsNew(sum);
                }

                return sum;
            })
            .StartAsync();
        await host.BeginAsync("Loop", "", "loop");

        foreach (string letter in (string[])["a", "b", "c", "d", "e", "f"])
        {
            await host.RaiseAsync("loop", "more", letter);
        }

        OrchestrationState done = await host.FinishAsync("loop");
        Assert.Equal("abcdef", done.Output);
        Assert.Single(host.Service.ReadHistory("loop").OfType<ExecutionStartedEvent>());
        Assert.Equal("\"abcde\"", done.Input);
    }

    [Fact]
    public async Task Timer_FiresAtItsTime_AndSurvivesACrash()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Sleep", async (context, _) =>
            {
                await context.CreateTimer(context.CurrentUtcDateTime.AddDays(40), "fired");
                return "woke";
            })
            .StartAsync();
        await host.BeginAsync("Sleep", id: "sleeper");
        await host.QuietAsync();

        host.Time.Advance(TimeSpan.FromDays(39));
        await host.CrashAndRestartAsync();
        await host.QuietAsync();
        OrchestrationStatus before = host.Service.Find("sleeper", withContent: false)!.OrchestrationStatus;
        host.Time.Advance(TimeSpan.FromDays(1.1));

        Assert.Equal(OrchestrationStatus.Running, before);
        Assert.Equal("woke", (await host.FinishAsync("sleeper")).Output);
    }

    [Fact]
    public async Task DelayedStart_WaitsPending_ForItsTime_AndKeepsEvents()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Later", (code, _, _) => code.WaitForEventAsync("go"))
            .StartAsync();
        DateTime start = host.Time.GetUtcNow().UtcDateTime.AddHours(2);
        await host.Client.CreateScheduledOrchestrationInstanceAsync("Later", "", "later", null, start);
        await host.RaiseAsync("later", "go", "early");
        await host.QuietAsync();
        OrchestrationState before = host.Service.Find("later", withContent: true)!;

        host.Time.Advance(TimeSpan.FromHours(2.1));

        Assert.Equal(OrchestrationStatus.Pending, before.OrchestrationStatus);
        Assert.Equal(start, before.ScheduledStartTime);
        Assert.Equal("\"early\"", (await host.FinishAsync("later")).Output);
    }

    [Fact]
    public async Task CustomStatus_Tags_AndVersion_AreReadable()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Main", async (code, _, _) =>
            {
                code.Status = "\"half way\"";
                return await code.WaitForEventAsync("go");
            })
            .StartAsync();
        await host.Client.CreateOrchestrationInstanceAsync(
            "Main",
            "2.1",
            "main",
            null,
            new Dictionary<string, string> { ["team"] = "news" }
        );
        await host.QuietAsync();

        OrchestrationState state = host.Service.Find("main", withContent: true)!;

        Assert.Equal("\"half way\"", state.Status);
        Assert.Equal("2.1", state.Version);
        Assert.Equal("news", state.Tags["team"]);
    }

    [Fact]
    public async Task LargeValues_GoThrough()
    {
        string large = new('ä', 5_000_000);
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Echo", text => text)
            .Orchestrator("Main", async (context, input) => await context.ScheduleTask<string>("Echo", "", input.Trim('"')))
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Main", large);

        Assert.Equal(large, done.Output);
    }

    [Fact]
    public async Task UnknownActivity_FailsItsTask()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Nobody", "", "x"))
            .StartAsync();

        OrchestrationState done = await host.RunAsync("Main");

        Assert.Contains("Nobody", done.FailureDetails!.ErrorMessage);
    }
}
