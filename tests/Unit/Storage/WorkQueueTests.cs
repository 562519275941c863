using Microsoft.Extensions.Time.Testing;
using Serverless.Storage;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Storage;

/// <summary>What both queues promise, shown on real servers.</summary>
public sealed class WorkQueueTests(SharedServers servers)
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Receive_SentItem_HandsItOutOnce(string name)
    {
        IWorkQueue queue = await OpenAsync(name);
        await queue.SendAsync("job-1", Body("""{"number": 1}"""), Token);

        WorkItem item = Assert.Single(await queue.ReceiveAsync(10, Lease, Token));

        Assert.Equal("""{"number": 1}""", item.Body.ToString());
        Assert.Equal(1, item.Attempt);
        Assert.Empty(await queue.ReceiveAsync(10, Lease, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Complete_HeldItem_EndsIt(string name)
    {
        IWorkQueue queue = await OpenAsync(name);
        await queue.SendAsync("job-1", Body("1"), Token);
        WorkItem item = Assert.Single(await queue.ReceiveAsync(1, Lease, Token));

        Assert.True(await queue.CompleteAsync(item, Token));

        Assert.False(await queue.CompleteAsync(item, Token));
        Assert.Null(await queue.RenewAsync(item, Lease, Token));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Renew_HeldItem_KeepsBodyAndAttempt(string name)
    {
        IWorkQueue queue = await OpenAsync(name);
        await queue.SendAsync("job-1", Body("1"), Token);
        WorkItem item = Assert.Single(await queue.ReceiveAsync(1, Lease, Token));

        WorkItem renewed = Assert.IsType<WorkItem>(await queue.RenewAsync(item, Lease * 2, Token));

        Assert.True(renewed.LeaseUntil > item.LeaseUntil);
        Assert.Null(await queue.RenewAsync(item, Lease, Token));
        await queue.ReleaseAsync(renewed, TimeSpan.Zero, Token);
        WorkItem again = Assert.Single(await queue.ReceiveAsync(1, Lease, Token));
        Assert.Equal((2, "1"), (again.Attempt, again.Body.ToString()));
    }

    [Theory, InlineData("azure"), InlineData("s3")]
    public async Task Receive_ByFourWorkersAtOnce_TakesEachItemOnce(string name)
    {
        IWorkQueue queue = await OpenAsync(name);
        for (int i = 0; i < 12; i++)
        {
            await queue.SendAsync($"job-{i:00}", Body($"{i}"), Token);
        }

        IReadOnlyList<WorkItem>[] taken = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => queue.ReceiveAsync(12, Lease, Token)));

        List<string> bodies = [.. taken.SelectMany(t => t).Select(item => item.Body.ToString())];
        bodies.AddRange((await queue.ReceiveAsync(12, Lease, Token)).Select(item => item.Body.ToString()));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}").Order(), bodies.Order());
    }

    [Fact]
    public async Task S3Receive_LeaseRunOut_HandsOutAgainAndFencesTheFirst()
    {
        FakeTimeProvider time = new();
        S3WorkQueue first = await OpenS3Async(time);
        await first.SendAsync("job-1", Body("1"), Token);
        WorkItem late = Assert.Single(await first.ReceiveAsync(1, Lease, Token));

        Assert.Empty(await first.ReceiveAsync(1, Lease, Token));
        time.Advance(Lease);
        WorkItem present = Assert.Single(await first.ReceiveAsync(1, Lease, Token));

        Assert.Equal(late.Attempt + 1, present.Attempt);
        Assert.Null(await first.RenewAsync(late, Lease, Token));
        Assert.False(await first.CompleteAsync(late, Token));
        Assert.True(await first.CompleteAsync(present, Token));
    }

    [Fact]
    public async Task S3Release_WithDelay_WaitsForIt()
    {
        FakeTimeProvider time = new();
        S3WorkQueue queue = await OpenS3Async(time);
        await queue.SendAsync("job-1", Body("1"), Token);
        WorkItem item = Assert.Single(await queue.ReceiveAsync(1, Lease, Token));

        await queue.ReleaseAsync(item, TimeSpan.FromSeconds(30), Token);

        Assert.Empty(await queue.ReceiveAsync(1, Lease, Token));
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Single(await queue.ReceiveAsync(1, Lease, Token));
    }

    [Fact]
    public async Task S3ListWaiting_TellsWhatNobodyHas_AndTakesNothing()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        S3WorkQueue queue = await OpenS3Async(time);
        await queue.SendAsync("job-1", Body("1"), Token);
        await queue.SendAsync("job-2", Body("2"), Token);
        WorkItem taken = (await queue.ReceiveAsync(1, Lease, Token))[0];

        var listed = await queue.ListWaitingAsync(10, Token);
        var one = await queue.ListWaitingAsync(1, Token);
        time.Advance(Lease);
        var later = await queue.ListWaitingAsync(10, Token);

        WaitingWork waiting = Assert.Single(listed.Waiting);
        Assert.NotEqual(taken.Id, waiting.Id);
        Assert.Equal((0, 0, 1), (waiting.Attempt, listed.Unread, one.Unread));
        Assert.Equal([0, 1], later.Waiting.Select(item => item.Attempt).Order());
        Assert.Equal(2, (await queue.ReceiveAsync(10, Lease, Token)).Count);
    }

    [Fact]
    public async Task S3Send_SameIdTwice_IsOneItem()
    {
        S3WorkQueue queue = await OpenS3Async(new FakeTimeProvider());

        await queue.SendAsync("job-1", Body("1"), Token);
        await queue.SendAsync("job-1", Body("2"), Token);

        Assert.Equal("1", Assert.Single(await queue.ReceiveAsync(10, Lease, Token)).Body.ToString());
    }

    [Fact]
    public async Task S3Receive_DocumentPutByHand_IsAJob()
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        S3ObjectStore store = new(options, TimeProvider.System);
        await store.WriteAsync("jobs/mine.json", Body("""{"kind":"video"}""").ToStream(), WriteCondition.Always, "application/json", Token);
        S3WorkQueue queue = new(store, "jobs", TimeProvider.System);

        WorkItem item = Assert.Single(await queue.ReceiveAsync(10, Lease, Token));

        Assert.Equal(("mine", 1, """{"kind":"video"}"""), (item.Id, item.Attempt, item.Body.ToString()));
        Assert.True(await queue.CompleteAsync(item, Token));
    }

    [Theory]
    [InlineData(2 << 20, '1')] // longer than a job may be
    [InlineData(1 << 20, '\u0001')] // no JSON, and longer still when it is escaped
    [InlineData(1 << 20, '1')] // JSON, and longer with a lease
    public async Task S3Receive_ObjectThatIsNoJob_DoesNotKeepTheOthersFromComing(int length, char of)
    {
        S3StorageOptions options = await (await servers.S3).CreateBucketAsync();
        S3ObjectStore store = new(options, TimeProvider.System);
        await store.WriteAsync("jobs/a.json", Body(new string(of, length)).ToStream(), WriteCondition.Always, "application/json", Token);
        S3WorkQueue queue = new(store, "jobs", TimeProvider.System);
        await queue.SendAsync("b", Body("1"), Token);

        IReadOnlyList<WorkItem> items = await queue.ReceiveAsync(10, Lease, Token);

        Assert.Equal(["a", "b"], items.Select(item => item.Id));
        Assert.True(await queue.CompleteAsync(items[0], Token));
    }

    [Fact]
    public async Task AzureSend_OverTheLimit_IsRefusedWithBothNumbers()
    {
        IWorkQueue queue = await OpenAsync("azure");

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => queue.SendAsync("job-1", new(new byte[50_000]), Token));

        Assert.Contains("50000 bytes, over the limit of 49152", refused.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static BinaryData Body(string json) => BinaryData.FromString(json);

    private async Task<IWorkQueue> OpenAsync(string name) =>
        name == "azure"
            ? new AzureWorkQueue((await servers.Azurite).Options, $"queue-{Guid.NewGuid():N}")
            : await OpenS3Async(TimeProvider.System);

    private async Task<S3WorkQueue> OpenS3Async(TimeProvider time) =>
        new(new S3ObjectStore(await (await servers.S3).CreateBucketAsync(), time), "jobs", time);
}
