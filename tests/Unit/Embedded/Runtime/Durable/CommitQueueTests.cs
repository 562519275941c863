using Serverless.Embedded.Runtime.Durable.Storage;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

public sealed class CommitQueueTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("commits-");
    private readonly SqlSession _session;
    private readonly CommitQueue _queue;

    public CommitQueueTests()
    {
        _session = new SqlSession(Path.Combine(_folder.FullName, "test.db"));
        _session.Execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)");
        _queue = new CommitQueue(_session);
    }

    [Fact]
    public async Task ChangeThatFails_TakesNoneOfItsNeighboursWithIt()
    {
        Task<int>[] writes = [.. Enumerable.Range(0, 100).Select(i => _queue.WriteAsync(session =>
            session.Execute("INSERT INTO numbers VALUES ($1)", i % 10 == 9 ? 0 : i)))];

        await Task.WhenAll(writes).ContinueWith(_ => { }, TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);

        Assert.Equal(10, writes.Count(write => write.IsFaulted));
        Assert.Equal(90, await _queue.WriteAsync(session => session.Scalar("SELECT count(*) FROM numbers")));
    }

    [Fact]
    public async Task Abandon_WritesNothingMore_AndSaysSo()
    {
        using ManualResetEventSlim blocked = new();
        Task<int> first = _queue.WriteAsync(session =>
        {
            blocked.Wait(TestContext.Current.CancellationToken);
            return session.Execute("INSERT INTO numbers VALUES (1)");
        });

        Task abandoning = Task.Run(_queue.Abandon, TestContext.Current.CancellationToken);
        Assert.True(SpinWait.SpinUntil(() => _queue.WriteAsync(_ => 0).IsFaulted, TimeSpan.FromSeconds(60)));
        blocked.Set();
        await abandoning;

        await Assert.ThrowsAsync<ObjectDisposedException>(() => first);
        Assert.Equal(0, _session.Scalar("SELECT count(*) FROM numbers"));
    }

    public void Dispose()
    {
        _queue.Dispose();
        _session.Dispose();
        _folder.Delete(recursive: true);
    }
}
