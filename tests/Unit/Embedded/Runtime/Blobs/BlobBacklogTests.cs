using Serverless.Embedded.Runtime.Blobs;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Blobs;

public sealed class BlobBacklogTests
{
    private readonly BlobBacklog _backlog = new(capacity: 2, TimeProvider.System);

    [Fact]
    public async Task Name_ThatWaits_IsNotTakenTwice()
    {
        Assert.True(_backlog.TryAdd("a"));
        Assert.True(_backlog.TryAdd("a"));
        Assert.True(_backlog.TryAdd("b"));

        Assert.Equal("a", await _backlog.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal("b", await _backlog.TakeAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Name_WantedWhileItRuns_ComesOnceMoreAfter()
    {
        _backlog.TryAdd("a");
        await _backlog.TakeAsync(TestContext.Current.CancellationToken);
        _backlog.TryAdd("a");
        _backlog.TryAdd("a");
        var next = _backlog.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(next.IsCompleted);

        _backlog.Finish("a");

        Assert.Equal("a", await next);
    }

    [Fact]
    public async Task Adding_BeyondTheCapacity_WaitsForRoom()
    {
        _backlog.TryAdd("a");
        _backlog.TryAdd("b");
        Assert.False(_backlog.TryAdd("c"));
        var adding = _backlog.AddAsync("c", TestContext.Current.CancellationToken);
        Assert.False(adding.IsCompleted);

        _backlog.Finish(await _backlog.TakeAsync(TestContext.Current.CancellationToken));

        await adding;
    }
}
