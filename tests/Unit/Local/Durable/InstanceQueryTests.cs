using DurableTask.Core;
using DurableTask.Core.Query;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>Lists and purges of instances by what they are, page by page.</summary>
public sealed class InstanceQueryTests
{
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
        await using OrchestrationHost host = await ManagementTests.WaitingAsync();

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
        await using OrchestrationHost host = await ManagementTests.WaitingAsync();
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
        await using OrchestrationHost host = await ManagementTests.WaitingAsync();
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

    private static async Task<OrchestrationState[]> QueryAsync(OrchestrationHost host, OrchestrationQuery query) =>
        [.. (await host.Service.GetOrchestrationWithQueryAsync(query, OrchestrationHost.Cancellation)).OrchestrationState];
}
