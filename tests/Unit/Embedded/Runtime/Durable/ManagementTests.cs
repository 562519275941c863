using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class ManagementTests
{
    [Fact]
    public async Task Suspended_Instance_RunsNothing_UntilItIsResumed()
    {
        int ran = 0;
        await using EngineHost host = await Standard(new EngineHost())
            .Activity("Count", (int _) => ++ran)
            .Orchestrator("Sleepy", async context =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None);
                return await context.CallActivityAsync<int>("Count", 0);
            })
            .StartAsync();

        string id = await host.BeginAsync("Sleepy");
        await host.QuietAsync();
        await host.Client.SuspendInstanceAsync(id, null, EngineHost.Cancellation);
        host.Time.Advance(TimeSpan.FromMinutes(2));
        await host.QuietAsync();
        int whileSuspended = ran;
        await host.Client.ResumeInstanceAsync(id, null, EngineHost.Cancellation);
        await host.FinishAsync(id);

        Assert.Equal(0, whileSuspended);
        Assert.Equal(1, ran);
    }

    [Fact]
    public async Task SuspendedAndTerminated_Ends()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();

        string id = await host.BeginAsync("Wait");
        await host.Client.SuspendInstanceAsync(id, null, EngineHost.Cancellation);
        await host.Client.TerminateInstanceAsync(id, "stop", EngineHost.Cancellation);
        OrchestrationMetadata done = await host.FinishAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, done.RuntimeStatus);
        Assert.Equal("stop", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Restart_RunsTheSameInputAgain()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        OrchestrationMetadata first = await host.RunAsync("Echo", "hello");

        string same = await host.Client.RestartAsync(first.InstanceId, cancellation: EngineHost.Cancellation);
        string other = await host.Client.RestartAsync(first.InstanceId, true, EngineHost.Cancellation);

        Assert.Equal(first.InstanceId, same);
        Assert.NotEqual(same, other);
        Assert.Equal("hello", (await host.FinishAsync(same)).ReadOutputAs<string>());
        Assert.Equal("hello", (await host.FinishAsync(other)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Restart_OfARunningInstance_IsRefused()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        string id = await host.BeginAsync("Wait");

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(() => host.Client.RestartAsync(id, false, EngineHost.Cancellation));
        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.RestartAsync("nobody", false, EngineHost.Cancellation));
    }

    [Fact]
    public async Task Query_PagesThroughEveryMatch_NewestFirst()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        for (int i = 0; i < 25; i++)
        {
            await host.BeginAsync(i % 5 == 0 ? "Wait" : "Echo", i, $"run-{i:00}");
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await host.BeginAsync("Wait", id: "other");
        await host.QuietAsync();
        OrchestrationQuery query = new(Statuses: [OrchestrationRuntimeStatus.Completed], InstanceIdPrefix: "run-", PageSize: 7, FetchInputsAndOutputs: true);
        List<Page<OrchestrationMetadata>> pages = [];
        await foreach (Page<OrchestrationMetadata> page in host.Client.GetAllInstancesAsync(query).AsPages())
            pages.Add(page);

        Assert.Equal([7, 7, 6], pages.Select(page => page.Values.Count));
        Assert.Equal(Enumerable.Range(0, 25).Where(i => i % 5 != 0).Reverse().Select(i => $"run-{i:00}"), pages.SelectMany(page => page.Values).Select(item => item.InstanceId));
        Assert.Equal(24, pages[0].Values[0].ReadOutputAs<int>());
    }

    [Fact]
    public async Task Query_FiltersByCreation()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        await host.BeginAsync("Wait", id: "early");
        host.Time.Advance(TimeSpan.FromHours(1));
        DateTimeOffset between = host.Time.GetUtcNow();
        host.Time.Advance(TimeSpan.FromHours(1));
        await host.BeginAsync("Wait", id: "late");

        List<string> early = await Ids(host, new OrchestrationQuery(CreatedTo: between));
        List<string> late = await Ids(host, new OrchestrationQuery(CreatedFrom: between));

        Assert.Equal(["early"], early);
        Assert.Equal(["late"], late);
    }

    [Fact]
    public async Task ListInstanceIds_PagesByCompletion()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        for (int i = 0; i < 5; i++)
        {
            await host.BeginAsync("Echo", i, $"run-{i}");
            await host.FinishAsync($"run-{i}");
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await host.BeginAsync("Wait");
        Page<string> first = await host.Client.ListInstanceIdsAsync(pageSize: 3, cancellation: EngineHost.Cancellation);
        Page<string> second = await host.Client.ListInstanceIdsAsync(pageSize: 3, lastInstanceKey: first.ContinuationToken, cancellation: EngineHost.Cancellation);

        Assert.Equal(["run-0", "run-1", "run-2"], first.Values);
        Assert.Equal(["run-3", "run-4"], second.Values);
        Assert.Null(second.ContinuationToken);
    }

    [Fact]
    public async Task Purge_RemovesFinishedInstancesOnly()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        await host.BeginAsync("Wait", id: "running");
        await host.RunAsync("Echo", 1);
        OrchestrationMetadata done = await host.RunAsync("Echo", 2);

        PurgeResult running = await host.Client.PurgeInstanceAsync("running", EngineHost.Cancellation);
        PurgeResult one = await host.Client.PurgeInstanceAsync(done.InstanceId, EngineHost.Cancellation);
        PurgeResult rest = await host.Client.PurgeAllInstancesAsync(new PurgeInstancesFilter(), EngineHost.Cancellation);

        Assert.Equal([0, 1, 1], new[] { running, one, rest }.Select(result => result.PurgedInstanceCount));
        Assert.True(rest.IsComplete);
        Assert.Null(await host.Client.GetInstanceAsync(done.InstanceId, EngineHost.Cancellation));
        Assert.Equal(["running"], await Ids(host, new OrchestrationQuery()));
    }

    [Fact]
    public async Task Purge_TakesChildrenAlong_WhenRecursive()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        OrchestrationMetadata parent = await host.RunAsync("Parent");

        PurgeResult result = await host.Client.PurgeInstanceAsync(parent.InstanceId, new PurgeInstanceOptions(true), EngineHost.Cancellation);

        Assert.Equal(2, result.PurgedInstanceCount);
        Assert.Empty(await Ids(host, new OrchestrationQuery()));
    }

    [Fact]
    public async Task History_ShowsStepsWithInputsAndOutputs()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        OrchestrationMetadata done = await host.RunAsync("Steps", "in");

        IList<HistoryEvent> history = await host.Client.GetOrchestrationHistoryAsync(done.InstanceId, EngineHost.Cancellation);

        Assert.Equal(
            [
                EventType.OrchestratorStarted, EventType.ExecutionStarted, EventType.TaskScheduled, EventType.OrchestratorCompleted,
                EventType.OrchestratorStarted, EventType.TaskCompleted, EventType.ExecutionCompleted,
            ],
            history.Select(item => item.EventType));
        Assert.Equal("\"in\"", ((ExecutionStartedEvent)history[1]).Input);
        TaskScheduledEvent scheduled = (TaskScheduledEvent)history[2];
        Assert.Equal((0, "Shout", "\"in\""), (scheduled.EventId, scheduled.Name, scheduled.Input));
        TaskCompletedEvent completed = (TaskCompletedEvent)history[5];
        Assert.Equal((0, "\"IN\""), (completed.TaskScheduledId, completed.Result));
        Assert.Equal("\"IN\"", ((ExecutionCompletedEvent)history[6]).Result);
        Assert.All(history, item => Assert.Equal(host.Time.GetUtcNow().UtcDateTime, item.Timestamp));
    }

    [Fact]
    public async Task WaitForStart_EndsWithTheFirstTurn()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        string id = await host.BeginAsync("Wait");

        OrchestrationMetadata started = await host.Client.WaitForInstanceStartAsync(id, EngineHost.Cancellation);

        Assert.Equal(OrchestrationRuntimeStatus.Running, started.RuntimeStatus);
    }

    [Fact]
    public async Task WaitForCompletion_CanBeCancelled()
    {
        await using EngineHost host = await Standard(new EngineHost()).StartAsync();
        string id = await host.BeginAsync("Wait");
        using CancellationTokenSource cancellation = new();

        Task waiting = host.Client.WaitForInstanceCompletionAsync(id, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private static EngineHost Standard(EngineHost host) => host
        .Activity("Shout", (string text) => text.ToUpperInvariant())
        .Orchestrator("Echo", context => Task.FromResult(context.GetInput<object>()))
        .Orchestrator("Wait", context => context.WaitForExternalEvent<int>("Go"))
        .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<int>("Echo", 1))
        .Orchestrator("Steps", context => context.CallActivityAsync<string>("Shout", context.GetInput<string>()));

    private static async Task<List<string>> Ids(EngineHost host, OrchestrationQuery query)
    {
        List<string> ids = [];
        await foreach (OrchestrationMetadata item in host.Client.GetAllInstancesAsync(query))
            ids.Add(item.InstanceId);
        return ids;
    }
}
