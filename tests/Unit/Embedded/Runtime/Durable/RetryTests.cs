using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public class RetryTests
{
    private readonly List<DateTimeOffset> _attempts = [];

    [Fact]
    public async Task Policy_RetriesWithGrowingDelays_UntilTheActivitySucceeds()
    {
        await using EngineHost host = await HostAsync(
            failures: 3, new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromSeconds(3)));

        string id = await host.BeginAsync("Try");
        OrchestrationMetadata done = await AdvanceUntilFinishedAsync(host, id, TimeSpan.FromSeconds(0.5));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal([1, 2, 3], _attempts.Zip(_attempts.Skip(1), (a, b) => (b - a).TotalSeconds));
    }

    [Fact]
    public async Task Policy_GivesUp_AfterItsAttempts_NamingTheLast()
    {
        await using EngineHost host = await HostAsync(failures: 99, new RetryPolicy(3, TimeSpan.FromSeconds(1)));

        string id = await host.BeginAsync("Try");
        OrchestrationMetadata done = await AdvanceUntilFinishedAsync(host, id, TimeSpan.FromSeconds(1));

        Assert.Equal(3, _attempts.Count);
        Assert.Equal("Task 'Flaky' (#4) failed with an unhandled exception: attempt 3", done.FailureDetails?.ErrorMessage);
    }

    [Fact]
    public async Task Policy_GivesUp_WhenItsTimeIsOver()
    {
        await using EngineHost host = await HostAsync(
            failures: 99, new RetryPolicy(99, TimeSpan.FromSeconds(10), retryTimeout: TimeSpan.FromSeconds(25)));

        string id = await host.BeginAsync("Try");
        await AdvanceUntilFinishedAsync(host, id, TimeSpan.FromSeconds(5));

        Assert.Equal(4, _attempts.Count);
    }

    [Fact]
    public async Task Policy_DoesNotRetry_WhatItDoesNotHandle()
    {
        await using EngineHost host = await HostAsync(failures: 99, new RetryPolicy(9, TimeSpan.FromSeconds(1))
        {
            HandleFailure = failure => !failure.IsCausedBy<InvalidDataException>(),
        });

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Single(_attempts);
    }

    [Fact]
    public async Task Handler_DecidesAfterEachFailure()
    {
        List<string> asked = [];
        await using EngineHost host = await HostAsync(failures: 99, TaskRetryOptions.FromRetryHandler(retry =>
        {
            if (!retry.OrchestrationContext.IsReplaying)
                asked.Add($"{retry.LastAttemptNumber} {retry.LastFailure.ErrorMessage}");
            return retry.LastAttemptNumber < 3;
        }));

        OrchestrationMetadata done = await host.RunAsync("Try");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal(["1 attempt 1", "2 attempt 2", "3 attempt 3"], asked);
    }

    [Fact]
    public async Task SubOrchestration_IsRetriedUnderItsOwnId()
    {
        int attempts = 0;
        await using EngineHost host = await new EngineHost()
            .Activity("Count", (int _) => ++attempts)
            .Orchestrator("Child", async context =>
                await context.CallActivityAsync<int>("Count", 0) < 3 ? throw new InvalidDataException("not yet") : "done")
            .Orchestrator("Parent", context => context.CallSubOrchestratorAsync<string>(
                "Child", null, TaskOptions.FromRetryPolicy(new RetryPolicy(5, TimeSpan.FromSeconds(1))).WithInstanceId("child")))
            .StartAsync();

        string id = await host.BeginAsync("Parent");
        OrchestrationMetadata done = await AdvanceUntilFinishedAsync(host, id, TimeSpan.FromSeconds(1));

        Assert.Equal("done", done.ReadOutputAs<string>());
        Assert.Equal(3, attempts);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await host.FinishAsync("child")).RuntimeStatus);
    }

    private async Task<EngineHost> HostAsync(int failures, TaskRetryOptions retry)
    {
        EngineHost host = new();
        return await host
            .Activity("Flaky", (int _) =>
            {
                _attempts.Add(host.Time.GetUtcNow());
                return _attempts.Count <= failures ? throw new InvalidDataException($"attempt {_attempts.Count}") : 1;
            })
            .Orchestrator("Try", context => context.CallActivityAsync<int>("Flaky", 0, new TaskOptions(retry)))
            .StartAsync();
    }

    private static async Task<OrchestrationMetadata> AdvanceUntilFinishedAsync(EngineHost host, string id, TimeSpan step)
    {
        for (int i = 0; i < 100; i++)
        {
            await host.QuietAsync();
            if (await host.Client.GetInstanceAsync(id, true, EngineHost.Cancellation) is { IsCompleted: true } done)
                return done;
            host.Time.Advance(step);
        }

        throw new TimeoutException("The orchestration did not end.");
    }
}
