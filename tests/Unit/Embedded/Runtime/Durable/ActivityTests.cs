using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class ActivityTests
{
    private sealed record Order(string Name, int Count);

    [Fact]
    public async Task Chain_OfActivities_PassesOutputsOn()
    {
        await using EngineHost host = await new EngineHost()
            .Activity("Double", (Order order) => order with { Count = order.Count * 2 })
            .Orchestrator("Chain", async context =>
            {
                Order order = context.GetInput<Order>()!;
                order = await context.CallActivityAsync<Order>("Double", order);
                return await context.CallActivityAsync<Order>("double", order);
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Chain", new Order("pear", 3));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal(new Order("pear", 12), done.ReadOutputAs<Order>());
        Assert.Equal("""{"Name":"pear","Count":3}""", done.SerializedInput);
    }

    [Fact]
    public async Task FanOut_OfManyActivities_GathersAll()
    {
        await using EngineHost host = await new EngineHost()
            .Activity("Square", (int n) => n * n)
            .Orchestrator("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 200).Select(n => context.CallActivityAsync<int>("Square", n)))).Sum())
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Fan");

        Assert.Equal(Enumerable.Range(0, 200).Sum(n => n * n), done.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Activities_RunAtMostAsManyAtATimeAsTheOptionsSay()
    {
        int running = 0, most = 0;
        await using EngineHost host = new();
        host.Options.MaxConcurrentActivityFunctions = 3;
        await host
            .ActivityAsync("Work", async (int n) =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                await Task.Yield();
                Interlocked.Decrement(ref running);
                return n;
            })
            .Orchestrator("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 50).Select(n => context.CallActivityAsync<int>("Work", n)))).Length)
            .StartAsync();

        await host.RunAsync("Fan");

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task FailedActivity_ReachesTheOrchestrator_WithTheDocumentedMessage()
    {
        await using EngineHost host = await new EngineHost()
            .Activity<int, int>("Divide", (int n) => throw new DivideByZeroException("by " + n))
            .Orchestrator("Try", async context =>
            {
                try
                {
                    return (await context.CallActivityAsync<int>("Divide", 0)).ToString();
                }
                catch (TaskFailedException e)
                {
                    return $"{e.Message}|{e.TaskName}|{e.TaskId}|{e.FailureDetails.ErrorType}|{e.FailureDetails.IsCausedBy<ArithmeticException>()}";
                }
            })
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal(
            "Task 'Divide' (#0) failed with an unhandled exception: by 0|Divide|0|System.DivideByZeroException|True",
            done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task UnhandledActivityFailure_FailsTheInstance_AndIsItsInnerFailure()
    {
        await using EngineHost host = await new EngineHost()
            .Activity<int, int>("Divide", (int n) => throw new DivideByZeroException("by " + n))
            .Orchestrator("Try", context => context.CallActivityAsync<int>("Divide", 0))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal("Task 'Divide' (#0) failed with an unhandled exception: by 0", done.SerializedOutput);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", done.FailureDetails?.ErrorType);
        Assert.Equal("System.DivideByZeroException", done.FailureDetails?.InnerFailure?.ErrorType);
    }

    [Fact]
    public async Task UnknownActivity_FailsItsTask_AndIsNotRetried()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Try", context => context.CallActivityAsync<int>(
                "Nowhere", null, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromHours(1)))))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal("ActivityTaskNotFound", done.FailureDetails?.InnerFailure?.ErrorType);
        Assert.Contains("'Nowhere'", done.FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task OptionsAsInput_AreRefused()
    {
        await using EngineHost host = await new EngineHost()
            .Orchestrator("Try", context => context.CallActivityAsync<int>("Any", (object)new TaskOptions()))
            .StartAsync();

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal("System.ArgumentException", done.FailureDetails?.ErrorType);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while (value > (seen = Volatile.Read(ref target)) && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
