using System.Collections.Concurrent;
using DurableTask.Core;
using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>SQLite refuses each change, as where the disk has become read-only under it.</summary>
public sealed class ReadOnlyDiskTests
{
    private const int ReadOnly = 8; // SQLITE_READONLY; sqlite.org/rescode.html
    private const int Runs = 200;
    private const int Steps = 3;

    [Fact]
    public async Task Runs_ThatWereUnderWay_AllCompleteOnceItTakesWritesAgain_EachEffectOnce()
    {
        ConcurrentDictionary<string, int> effects = new();
        TaskCompletionSource isBusy = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Steps", async (context, input) =>
            {
                for (int step = 0; step < Steps; step++)
                {
                    await context.ScheduleTask<string>("Effect", "", $"{input}-{step}");
                }
                return input;
            })
            .Activity("Effect", key =>
            {
                effects.AddOrUpdate(key, 1, (_, times) => times + 1);
                if (effects.Count > Runs)
                {
                    isBusy.TrySetResult();
                }
                return key;
            })
            .StartAsync();
        await Task.WhenAll(Enumerable.Range(0, Runs).Select(i => host.BeginAsync("Steps", $"{i}", $"run-{i}")));
        await isBusy.Task;

        // Not by a change, with which its neighbours would be refused, and it alone again. SQLite takes one call at a time on a connection,
        // whoever calls.
        SqlSession writer = await host.Service.Store.WriteAsync(transaction => transaction.Session);
        writer.ExecuteScript("PRAGMA query_only = 1");
        var refused = await Assert.ThrowsAsync<SqliteStoreException>(() => host.BeginAsync("Steps", "", id: "refused"));
        writer.ExecuteScript("PRAGMA query_only = 0");
        Task<OrchestrationState[]> ended = Task.WhenAll(Enumerable.Range(0, Runs).Select(i => host.FinishAsync($"run-{i}")));
        while (!ended.IsCompleted)
        {
            await host.QuietAsync();
            host.Time.Advance(host.Options.RetryDelay);
        }

        Assert.Equal(ReadOnly, refused.Code);
        Assert.Null(await host.Client.GetOrchestrationStateAsync("refused"));
        Assert.All(await ended, run => Assert.Equal(OrchestrationStatus.Completed, run.OrchestrationStatus));
        // An activity whose result could not be kept is done again under its key, so that the effect is one.
        Assert.Equal(Runs * Steps, effects.Count);
        Assert.Equal(0, host.Count("SELECT count(*) FROM activities"));
    }
}
