using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Newtonsoft.Json.Linq;
using Serverless.Local.Durable;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public class ManagementTests
{
    private static readonly OrchestrationStatus[] Unfinished =
    [
        OrchestrationStatus.Running,
        OrchestrationStatus.Pending,
        OrchestrationStatus.Suspended,
    ];

    [Fact]
    public async Task EventBeforeTheWait_IsKept_AndDuplicatesAreTakenInTheirOrder()
    {
        await using OrchestrationHost host = await WaitingAsync(waits: 3);

        await host.RaiseAsync("w", "go", "a");
        await host.RaiseAsync("w", "go", "b");
        await host.RaiseAsync("w", "go", "b");

        Assert.Equal("a b b", (await host.FinishAsync("w")).Output);
    }

    [Fact]
    public async Task EventForAnUnknownOrFinishedInstance_IsDropped()
    {
        await using OrchestrationHost host = await WaitingAsync();
        await host.RaiseAsync("w", "go", "a");
        await host.FinishAsync("w");

        await host.RaiseAsync("w", "go", "late");
        await host.RaiseAsync("nobody", "go", "lost");

        Assert.Equal(0, host.Count("SELECT count(*) FROM messages"));
        Assert.Null(host.Service.Find("nobody", withContent: false));
    }

    [Fact]
    public async Task Suspended_Instance_RunsNothing_UntilItIsResumed()
    {
        await using OrchestrationHost host = await WaitingAsync();
        OrchestrationInstance instance = new() { InstanceId = "w" };

        await host.Client.SuspendInstanceAsync(instance, "pause");
        await host.RaiseAsync("w", "go", "a");
        await host.QuietAsync();
        OrchestrationStatus suspended = host.Service.Find("w", withContent: false)!.OrchestrationStatus;
        await host.Client.ResumeInstanceAsync(instance, "go on");

        Assert.Equal(OrchestrationStatus.Suspended, suspended);
        Assert.Equal("a", (await host.FinishAsync("w")).Output);
    }

    [Fact]
    public async Task EventsOfASuspendedInstance_AreTakenInTheirOrder_WhenItIsResumed()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Wait", async (code, _, _) =>
                await code.WaitForEventAsync("go") + await code.WaitForEventAsync("go") + await code.WaitForEventAsync("go")
            )
            .StartAsync();
        OrchestrationInstance instance = await host.BeginAsync("Wait", id: "w");
        await host.RaiseAsync("w", "go", "a");
        await host.QuietAsync();
        await host.Client.SuspendInstanceAsync(instance, "pause");
        await host.RaiseAsync("w", "go", "b");
        await host.RaiseAsync("w", "go", "c");
        await host.QuietAsync();
        await host.CrashAndRestartAsync();

        await host.Client.ResumeInstanceAsync(instance, "go on");

        Assert.Equal("\"a\"\"b\"\"c\"", (await host.FinishAsync("w")).Output);
    }

    [Fact]
    public async Task SuspendedAndTerminated_Ends_WithTheReason()
    {
        await using OrchestrationHost host = await WaitingAsync();
        await host.Client.SuspendInstanceAsync(new OrchestrationInstance { InstanceId = "w" }, "pause");

        await host.Service.ForceTerminateTaskOrchestrationAsync("w", "enough");

        OrchestrationState done = await host.FinishAsync("w");
        Assert.Equal(OrchestrationStatus.Terminated, done.OrchestrationStatus);
        Assert.Equal("enough", done.Output);
    }

    [Fact]
    public async Task Termination_OfAnInstanceThatHasNotStarted_EndsItAtOnce()
    {
        await using OrchestrationHost host = await WaitingAsync();
        DateTime tomorrow = host.Time.GetUtcNow().UtcDateTime.AddDays(1);
        await host.Client.CreateScheduledOrchestrationInstanceAsync("Waiting", "", "later", "in", tomorrow);

        await host.Service.ForceTerminateTaskOrchestrationAsync("later", "not needed");

        OrchestrationState done = await host.FinishAsync("later");
        Assert.Equal(OrchestrationStatus.Terminated, done.OrchestrationStatus);
        Assert.Equal("\"in\"", done.Input);
        Assert.Equal(0, host.Count("SELECT count(*) FROM messages WHERE instance_id = 'later'"));
    }

    [Theory]
    [InlineData(true, OrchestrationStatus.Terminated)]
    [InlineData(false, OrchestrationStatus.Running)]
    public async Task Termination_ReachesChildren_WhenTheOptionSaysSo(bool recursive, OrchestrationStatus expected)
    {
        await using OrchestrationHost host = new OrchestrationHost()
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Middle", "", "middle", null))
            .Orchestrator("Middle", (context, _) => context.CreateSubOrchestrationInstance<string>("Waiting", "", "leaf", null))
            .Orchestrator("Waiting", (code, _, _) => code.WaitForEventAsync("never"));
        host.Options.TerminatesSubOrchestrations = recursive;
        await host.StartAsync();
        await host.BeginAsync("Parent", id: "top");
        await host.QuietAsync();

        await host.Service.ForceTerminateTaskOrchestrationAsync("top", "stop");
        await host.FinishAsync("top");
        await host.QuietAsync();

        Assert.Equal(expected, host.Service.Find("leaf", withContent: false)!.OrchestrationStatus);
    }

    [Fact]
    public async Task TerminatedChild_FailsItsTask()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Parent", (context, _) => context.CreateSubOrchestrationInstance<string>("Waiting", "", "child", null))
            .Orchestrator("Waiting", (code, _, _) => code.WaitForEventAsync("never"))
            .StartAsync();
        await host.BeginAsync("Parent", id: "top");
        await host.QuietAsync();

        await host.Service.ForceTerminateTaskOrchestrationAsync("child", "stop");

        Assert.Equal(OrchestrationStatus.Failed, (await host.FinishAsync("top")).OrchestrationStatus);
    }

    [Fact]
    public async Task Start_WithTheIdOfAnInstance_IsRefused_InTheStatusesThatAreNamed()
    {
        await using OrchestrationHost host = await WaitingAsync();

        Task again = host.Client.CreateOrchestrationInstanceAsync("Waiting", "", "w", null, null, Unfinished);
        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => again);
        await host.RaiseAsync("w", "go", "first");
        await host.FinishAsync("w");
        await host.Client.CreateOrchestrationInstanceAsync("Waiting", "", "w", null, null, Unfinished);
        await host.RaiseAsync("w", "go", "second");

        Assert.Equal("second", (await host.FinishAsync("w")).Output);
    }

    [Fact]
    public async Task RacingStartsOfOneId_StartItOnce()
    {
        await using OrchestrationHost host = await WaitingAsync();

        Task[] starts = [.. Enumerable.Range(0, 20).Select(_ => host.BeginAsync("Waiting", id: "one"))];
        int refused = 0;
        foreach (Task start in starts)
        {
            refused += await Record.ExceptionAsync(() => start) is OrchestrationAlreadyExistsException ? 1 : 0;
        }

        Assert.Equal(19, refused);
    }

    [Fact]
    public async Task RunningInstance_GivesWay_WhenItsStatusIsNotNamed_AndItsTurnIsRefused()
    {
        await using OrchestrationHost host = await WaitingAsync();
        string before = host.Service.Find("w", withContent: false)!.OrchestrationInstance.ExecutionId;

        await host.Client.CreateOrchestrationInstanceAsync("Waiting", "", "w", null, null, []);

        Assert.NotEqual(before, host.Service.Find("w", withContent: false)!.OrchestrationInstance.ExecutionId);
        await host.RaiseAsync("w", "go", "new");
        Assert.Equal("new", (await host.FinishAsync("w")).Output);
    }

    [Theory]
    [InlineData("run-", new OrchestrationStatus[0], false)]
    [InlineData(null, new OrchestrationStatus[0], true)]
    [InlineData(null, new[] { OrchestrationStatus.Running, OrchestrationStatus.Completed }, true)]
    [InlineData(null, new[] { OrchestrationStatus.Running, OrchestrationStatus.Terminated }, true)]
    [InlineData("run-", new[] { OrchestrationStatus.Running, OrchestrationStatus.Terminated }, true)]
    public async Task Query_PagesThroughEveryMatch_TheNewestFirst_OrOfAPrefixById(
        string? prefix,
        OrchestrationStatus[] statuses,
        bool isNewestFirst
    )
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Waiting", (code, _, _) => code.WaitForEventAsync("go"))
            .StartAsync();
        string[] ids = [.. Enumerable.Range(0, 25).Select(i => $"run-{i:00}")];
        foreach (string id in ids)
        {
            await host.BeginAsync("Waiting", id: id);
            await host.QuietAsync();
        }
        await host.Service.ForceTerminateTaskOrchestrationAsync("run-03", "test");
        await host.FinishAsync("run-03");

        List<string> seen = [];
        OrchestrationQuery query = new()
        {
            InstanceIdPrefix = prefix,
            RuntimeStatus = statuses,
            PageSize = 4,
        };
        do
        {
            OrchestrationQueryResult page = await host.Service.GetOrchestrationWithQueryAsync(query, OrchestrationHost.Cancellation);
            Assert.True(page.OrchestrationState.Count <= 4);
            seen.AddRange(page.OrchestrationState.Select(state => state.OrchestrationInstance.InstanceId));
            query.ContinuationToken = page.ContinuationToken;
        } while (query.ContinuationToken is not null);

        IEnumerable<string> listed = statuses.Contains(OrchestrationStatus.Completed) ? ids.Where(id => id != "run-03") : ids;
        Assert.Equal(isNewestFirst ? listed.Reverse() : listed, seen);
    }

    [Theory]
    [InlineData("run-07")]
    [InlineData("x|run-07")]
    public async Task Query_RefusesATokenThatIsNotOfThisProvider(string token)
    {
        await using OrchestrationHost host = await WaitingAsync();

        ArgumentException refused = await Assert.ThrowsAsync<ArgumentException>(() =>
            host.Service.GetOrchestrationWithQueryAsync(
                new OrchestrationQuery { ContinuationToken = token },
                OrchestrationHost.Cancellation
            )
        );

        Assert.Contains($"'{token}' is not a continuation token", refused.Message);
    }

    [Fact]
    public async Task Purge_PassesOverWhatStays_AndRemovesAllBehindIt()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Either", (_, input) =>
                input.Contains("fails") ? Task.FromException<string>(new InvalidOperationException()) : Task.FromResult(input)
            )
            .StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 220).Select(i => host.RunAsync("Either", i % 2 == 0 ? "fails" : "ends")));

        PurgeResult completed = await host.Service.PurgeInstanceStateAsync(
            new PurgeInstanceFilter(DateTime.MinValue, null, [OrchestrationStatus.Completed])
        );
        PurgeResult failed = await host.Service.PurgeInstanceStateAsync(
            new PurgeInstanceFilter(DateTime.MinValue, null, [OrchestrationStatus.Failed, OrchestrationStatus.Terminated])
        );

        Assert.Equal((110, 110), (completed.DeletedInstanceCount, failed.DeletedInstanceCount));
        Assert.Equal(0, host.Count("SELECT count(*) FROM instances"));
    }

    [Fact]
    public async Task Query_FiltersByStatusAndCreation_AndLeavesContentOut()
    {
        await using OrchestrationHost host = await WaitingAsync();
        await host.BeginAsync("Waiting", "in", "done");
        await host.RaiseAsync("done", "go", "out");
        DateTime created = (await host.FinishAsync("done")).CreatedTime;

        OrchestrationQuery completed = new() { RuntimeStatus = [OrchestrationStatus.Completed], FetchInputsAndOutputs = false };
        OrchestrationState[] found = await QueryAsync(host, completed);
        OrchestrationState[] later = await QueryAsync(host, new OrchestrationQuery { CreatedTimeFrom = created.AddTicks(1) });
        OrchestrationState[] otherHub = await QueryAsync(host, new OrchestrationQuery { TaskHubNames = ["another"] });

        Assert.Equal("done", Assert.Single(found).OrchestrationInstance.InstanceId);
        Assert.Null(found[0].Input);
        Assert.Null(found[0].Output);
        Assert.Empty(later);
        Assert.Empty(otherHub);
    }

    [Fact]
    public async Task Purge_RemovesFinishedInstancesOnly_WithAllThatBelongsToThem()
    {
        await using OrchestrationHost host = await WaitingAsync();
        await host.BeginAsync("Waiting", id: "done");
        await host.RaiseAsync("done", "go", "x");
        await host.FinishAsync("done");

        PurgeResult running = await host.Service.PurgeInstanceStateAsync("w");
        PurgeResult done = await host.Service.PurgeInstanceStateAsync("done");
        PurgeResult unknown = await host.Service.PurgeInstanceStateAsync("nobody");

        Assert.Equal((0, 1, 0), (running.DeletedInstanceCount, done.DeletedInstanceCount, unknown.DeletedInstanceCount));
        Assert.Equal(0, host.Count("SELECT count(*) FROM history WHERE instance_id = 'done'"));
        Assert.NotNull(host.Service.Find("w", withContent: false));
    }

    [Fact]
    public async Task PurgeByFilter_EndsWhenItsTimeIsUp_AndSaysSo()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Quick", (_, _) => Task.FromResult("\"x\""))
            .StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => host.RunAsync("Quick")));
        PurgeInstanceFilter filter = new(DateTime.MinValue, null, [OrchestrationStatus.Completed]);

        PurgeInstanceFilter limited = new(DateTime.MinValue, null, null) { Timeout = TimeSpan.Zero };
        PurgeResult part = await host.Service.PurgeInstanceStateAsync(limited);
        PurgeResult rest = await host.Service.PurgeInstanceStateAsync(filter);

        Assert.Equal((100, false), (part.DeletedInstanceCount, part.IsComplete!.Value));
        Assert.Equal((50, true), (rest.DeletedInstanceCount, rest.IsComplete!.Value));
    }

    [Fact]
    public async Task History_IsJson_WithEveryStep()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Activity("Echo", text => text)
            .Orchestrator("Main", (context, _) => context.ScheduleTask<string>("Echo", "", "2020-01-02T03:04:05Z"))
            .StartAsync();
        OrchestrationState done = await host.RunAsync("Main");

        JArray history = JArray.Parse(await host.Client.GetOrchestrationHistoryAsync(done.OrchestrationInstance));

        Assert.Equal(
            [
                EventType.OrchestratorStarted,
                EventType.ExecutionStarted,
                EventType.TaskScheduled,
                EventType.OrchestratorCompleted,
                EventType.OrchestratorStarted,
                EventType.TaskCompleted,
                EventType.ExecutionCompleted,
                EventType.OrchestratorCompleted,
            ],
            history.Select(item => (EventType)(int)item["EventType"]!)
        );
        Assert.Equal("2020-01-02T03:04:05Z", done.Output);
    }

    [Fact]
    public async Task Hubs_InOneFile_DoNotSeeEachOther()
    {
        await using OrchestrationHost host = await WaitingAsync();
        await using OrchestrationHost other = await new OrchestrationHost(host) { HubName = "other" }
            .Orchestrator("Waiting", (_, _) => Task.FromResult("\"other\""))
            .StartAsync();

        OrchestrationState done = await other.RunAsync("Waiting", id: "w");

        Assert.Equal("\"other\"", done.Output);
        Assert.Equal(OrchestrationStatus.Running, host.Service.Find("w", withContent: false)!.OrchestrationStatus);
    }

    [Fact]
    public async Task WaitForCompletion_CanBeCancelled_AndTimesOut()
    {
        await using OrchestrationHost host = await WaitingAsync();
        using CancellationTokenSource cancelled = new();
        Task<OrchestrationState> wait = host.Service.WaitForOrchestrationAsync("w", null, Timeout.InfiniteTimeSpan, cancelled.Token);
        Task<OrchestrationState> limited = host.Service.WaitForOrchestrationAsync(
            "w",
            null,
            TimeSpan.FromMinutes(1),
            OrchestrationHost.Cancellation
        );

        await cancelled.CancelAsync();
        host.Time.Advance(TimeSpan.FromMinutes(2));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.Null(await limited);
    }

    private static async Task<OrchestrationHost> WaitingAsync(int waits = 1)
    {
        OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Waiting", async (code, _, _) =>
            {
                List<string> got = [];
                for (int i = 0; i < waits; i++)
                {
                    got.Add((await code.WaitForEventAsync("go")).Trim('"'));
                }

                return string.Join(' ', got);
            })
            .StartAsync();
        await host.BeginAsync("Waiting", id: "w");
        await host.QuietAsync();
        return host;
    }

    private static async Task<OrchestrationState[]> QueryAsync(OrchestrationHost host, OrchestrationQuery query) =>
        [.. (await host.Service.GetOrchestrationWithQueryAsync(query, OrchestrationHost.Cancellation)).OrchestrationState];
}
