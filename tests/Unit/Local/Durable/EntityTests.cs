using DurableTask.Core;
using DurableTask.Core.Entities;
using Xunit;

namespace Serverless.Unit.Local.Durable;

public class EntityTests
{
    private static readonly EntityId Counter = new("counter", "one");

    [Fact]
    public async Task Signals_AreAppliedInTheirOrder_AndTheStateIsReadable()
    {
        await using OrchestrationHost host = await new OrchestrationHost().Counter().StartAsync();

        for (int i = 1; i <= 50; i++)
        {
            await host.SignalAsync(Counter, "add", "1");
        }

        await host.QuietAsync();
        Assert.Equal("50", await host.CounterAsync(Counter));
    }

    [Fact]
    public async Task Call_FromAnOrchestration_GetsTheResult_OrTheFailure()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Counter()
            .Orchestrator("Main", async (code, context, _) =>
            {
                await code.CallEntityAsync(context, Counter, "add", "5", 1);
                string? five = await code.CallEntityAsync(context, Counter, "get", null, 2);
                try
                {
                    await code.CallEntityAsync(context, Counter, "throw", null, 3);
                    return "not thrown";
                }
                catch (InvalidOperationException e)
                {
                    return $"{five} {e.Message}";
                }
            })
            .StartAsync();

        Assert.Equal("5 thrown", (await host.RunAsync("Main")).Output);
    }

    [Fact]
    public async Task Lock_KeepsOthersOut_UntilItIsReleased()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Counter()
            .Orchestrator("Transfer", async (code, context, _) =>
            {
                await code.LockAsync(context, Counter, new EntityId("counter", "two"));
                int before = int.Parse(await code.CallEntityAsync(context, Counter, "get", null, 1) ?? "0");
                await code.CallEntityAsync(context, Counter, "add", "1", 2);
                int after = int.Parse(await code.CallEntityAsync(context, Counter, "get", null, 3) ?? "0");
                code.Unlock(context);
                return (after - before).ToString();
            })
            .StartAsync();

        OrchestrationState[] done = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.RunAsync("Transfer")));

        Assert.All(done, state => Assert.Equal("1", state.Output));
        Assert.Equal("10", await host.CounterAsync(Counter));
    }

    [Fact]
    public async Task ScheduledSignal_ArrivesAtItsTime()
    {
        DateTimeOffset tenDaysAgo = DateTimeOffset.UtcNow.AddDays(-10);
        await using OrchestrationHost host = await new OrchestrationHost(start: tenDaysAgo).Counter().StartAsync();
        DateTime due = tenDaysAgo.UtcDateTime.AddDays(9);
        await host.SignalAsync(Counter, "add", "7", due);
        await host.QuietAsync();
        string? before = await host.CounterAsync(Counter);

        host.Time.Advance(TimeSpan.FromDays(9.1));
        await host.QuietAsync();

        Assert.Null(before);
        Assert.Equal("7", await host.CounterAsync(Counter));
    }

    [Fact]
    public async Task EntityWithoutState_IsRemoved()
    {
        await using OrchestrationHost host = await new OrchestrationHost().Counter().StartAsync();
        await host.SignalAsync(Counter, "add", "7");
        await host.QuietAsync();

        await host.SignalAsync(Counter, "delete");
        await host.QuietAsync();

        Assert.Equal(0, host.Count("SELECT count(*) FROM instances"));
        Assert.Equal(0, host.Count("SELECT count(*) FROM history"));
    }

    [Fact]
    public async Task Query_PagesThroughEntities_AndCanLeaveTheirStateOut()
    {
        await using OrchestrationHost host = await new OrchestrationHost().Counter().StartAsync();
        for (int i = 0; i < 7; i++)
        {
            await host.SignalAsync(new EntityId("counter", $"k{i}"), "add", $"{i}");
        }

        await host.QuietAsync();
        List<string> seen = [];
        EntityBackendQueries.EntityQuery query = new()
        {
            InstanceIdStartsWith = "@counter@",
            PageSize = 3,
            IncludeState = true,
        };
        do
        {
            EntityBackendQueries.EntityQueryResult page = await host.Service.EntityBackendQueries.QueryEntitiesAsync(
                query,
                OrchestrationHost.Cancellation
            );
            seen.AddRange(page.Results.Select(entity => $"{entity.EntityId.Key}={entity.SerializedState}"));
            query.ContinuationToken = page.ContinuationToken;
        } while (query.ContinuationToken is not null);

        Assert.Equal(["k0=0", "k1=1", "k2=2", "k3=3", "k4=4", "k5=5", "k6=6"], seen);
    }

    [Fact]
    public async Task Clean_ReleasesTheLockOfAnOwnerThatIsGone()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Counter()
            .Orchestrator("Hold", async (code, context, _) =>
            {
                await code.LockAsync(context, Counter);
                return await code.WaitForEventAsync("never");
            })
            .StartAsync();
        await host.BeginAsync("Hold", id: "holder");
        await host.QuietAsync();
        await host.SignalAsync(Counter, "add", "3");
        await host.Service.ForceTerminateTaskOrchestrationAsync("holder", "gone");
        await host.FinishAsync("holder");

        EntityBackendQueries.CleanEntityStorageResult cleaned = await host.Service.EntityBackendQueries.CleanEntityStorageAsync(
            new EntityBackendQueries.CleanEntityStorageRequest { ReleaseOrphanedLocks = true },
            OrchestrationHost.Cancellation
        );
        await host.QuietAsync();

        Assert.Equal(1, cleaned.OrphanedLocksReleased);
        Assert.Equal("3", await host.CounterAsync(Counter));
    }

    [Fact]
    public async Task Signals_FromOrchestrations_SurviveACrash_OnceEach()
    {
        await using OrchestrationHost host = await new OrchestrationHost()
            .Counter()
            .Orchestrator("Main", (code, context, _) =>
            {
                for (int i = 0; i < 10; i++)
                {
                    code.SignalEntity(context, Counter, "add", "1");
                }

                return Task.FromResult("done");
            })
            .StartAsync();
        Task<OrchestrationInstance>[] starts = [.. Enumerable.Range(0, 8).Select(i => host.BeginAsync("Main", id: $"m{i}"))];

        await host.CrashAndRestartAsync();
        foreach (Task<OrchestrationInstance> start in starts)
        {
            await Record.ExceptionAsync(() => start); // those that the crash kept from being written fail
        }

        await host.QuietAsync();
        long started = host.Count("SELECT count(*) FROM instances WHERE is_entity = 0");
        Assert.Equal(started * 10, long.Parse(await host.CounterAsync(Counter) ?? "0"));
    }
}
