using DurableTask.Core;
using Serverless.Local.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Local.Durable;

/// <summary>SQLite answers as on a full disk where its file may have no more pages.</summary>
public sealed class FullDiskTests
{
    private const int DiskFull = 13; // SQLITE_FULL; sqlite.org/rescode.html
    private static readonly string Large = new('x', 200_000);

    [Fact]
    public async Task Writes_ThatFindNoRoom_AreRefused_AndAllThatWasConfirmedGoesOnWhenThereIsRoom()
    {
        TaskCompletionSource isFull = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using OrchestrationHost host = await new OrchestrationHost()
            .Orchestrator("Wait", (code, _, _) => code.WaitForEventAsync("go"))
            .Orchestrator("Grow", (context, input) => context.ScheduleTask<string>("Double", "", input))
            .Activity("Double", async input =>
            {
                await isFull.Task;
                return input + input;
            })
            .StartAsync();
        await host.BeginAsync("Wait", id: "waits");
        await host.QuietAsync();
        await host.BeginAsync("Grow", Large, id: "grows");
        await LimitAsync(host, isFull: true);
        isFull.SetResult();

        var refused = await Assert.ThrowsAsync<SqliteStoreException>(() => host.BeginAsync("Wait", Large, id: "refused"));
        var unheard = await Assert.ThrowsAsync<SqliteStoreException>(() => host.RaiseAsync("waits", "go", Large));
        await LimitAsync(host, isFull: false);
        await host.RaiseAsync("waits", "go", "now");
        Task<OrchestrationState> grown = host.FinishAsync("grows");
        while (!grown.IsCompleted)
        {
            await host.QuietAsync();
            host.Time.Advance(host.Options.RetryDelay);
        }

        Assert.Equal((DiskFull, DiskFull), (refused.Code, unheard.Code));
        Assert.Null(await host.Client.GetOrchestrationStateAsync("refused"));
        Assert.Equal("\"now\"", (await host.FinishAsync("waits")).Output);
        Assert.Equal(2 * (Large.Length + 2), (await grown).Output.Length);
    }

    private static Task LimitAsync(OrchestrationHost host, bool isFull) =>
        host.Service.Store.WriteAsync(transaction =>
            transaction.Session.Scalar(
                $"PRAGMA max_page_count = {(isFull ? transaction.Session.Scalar("PRAGMA page_count") : int.MaxValue)}"
            )
        );
}
