using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using DurableTask.Core.Query;
using Newtonsoft.Json.Linq;
using Serverless.Local.Durable;
using Serverless.Local.Durable.Storage;
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

    /// <summary>Health asks so: on a full disk all reads are answered.</summary>
    [Fact]
    public async Task PurgeOfAnUnknownInstance_WritesToTheFile()
    {
        await using OrchestrationHost host = await WaitingAsync();
        using SqlSession other = new(host.Service.Store.Path);
        long before = other.Scalar("PRAGMA data_version");
        long unchanged = other.Scalar("PRAGMA data_version");

        PurgeResult purged = await host.Service.PurgeInstanceStateAsync("@health@none");

        Assert.Equal(before, unchanged);
        Assert.NotEqual(before, other.Scalar("PRAGMA data_version"));
        Assert.Equal(0, purged.DeletedInstanceCount);
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

    internal static async Task<OrchestrationHost> WaitingAsync(int waits = 1)
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
}
