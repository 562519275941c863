using Serverless.Embedded.Runtime.Lambda;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Lambda;

public sealed class MessageQueueTests : IDisposable
{
    private static readonly HashSet<string> None = [];

    private readonly ManualClock _time = new();
    private readonly LambdaOptions _options = new()
    {
        DataDirectory = Directory.CreateTempSubdirectory("lambda-").FullName,
        RecordsPerMessage = 2,
        MaxReceiveCount = 3,
        RetryDelay = TimeSpan.FromSeconds(10),
    };

    [Fact]
    public void Announce_SameVersionTwice_IsOneMessage()
    {
        using MessageQueue queue = Open();

        Assert.Equal(1, queue.Announce([Version("a", "1")]));
        Assert.Equal(0, queue.Announce([Version("a", "1")]));

        Assert.Single(queue.Take(10));
    }

    [Fact]
    public void Announce_NewerVersion_IsNewsAndAnOlderLookIsNot()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "2", second: 2)]);

        Assert.Equal(1, queue.Announce([Version("a", "3", second: 3)]));
        Assert.Equal(0, queue.Announce([Version("a", "2", second: 2)]));
        Assert.Equal(1, queue.Announce([Version("a", "3", second: 4)]));
    }

    [Fact]
    public void Announce_Several_SharesMessagesUpToTheLimit()
    {
        using MessageQueue queue = Open();

        queue.Announce([Version("a", "1"), Version("b", "1"), Version("c", "1")]);

        IReadOnlyList<SqsMessage> taken = queue.Take(10);
        Assert.Equal(2, taken.Count);
        Assert.Contains("\"key\":\"b\"", taken[0].Body, StringComparison.Ordinal);
        Assert.Contains("\"key\":\"c\"", taken[1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Take_InFlight_IsNotHandedOutTwice()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "1")]);

        Assert.Single(queue.Take(10));

        Assert.Empty(queue.Take(10));
        Assert.Null(queue.UntilNext());
    }

    [Fact]
    public void Finish_Failure_ComesAgainLaterAndLater()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "1")]);

        Fail(queue);
        Assert.Empty(queue.Take(10));
        Assert.Equal(TimeSpan.FromSeconds(10), queue.UntilNext());
        _time.Advance(TimeSpan.FromSeconds(10));
        Fail(queue);

        Assert.Equal(TimeSpan.FromSeconds(20), queue.UntilNext());
    }

    [Fact]
    public void Finish_FailureOfOneOfTwo_DeletesTheOther()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "1")]);
        queue.Announce([Version("b", "1")]);
        IReadOnlyList<SqsMessage> taken = queue.Take(10);

        queue.Finish(taken, new HashSet<string> { taken[1].Id });

        _time.Advance(TimeSpan.FromMinutes(1));
        SqsMessage again = Assert.Single(queue.Take(10));
        Assert.Equal((taken[1].Id, 2), (again.Id, again.ReceiveCount));
    }

    [Fact]
    public void Finish_FailureTooOften_IsADeadLetter()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "1")]);

        Assert.Empty(Fail(queue));
        Assert.Empty(Fail(queue));
        SqsMessage dead = Assert.Single(Fail(queue));

        Assert.Equal(3, dead.ReceiveCount);
        Assert.Null(queue.UntilNext());
        Assert.Equal([dead.Body], queue.ReadDeadLetters());
    }

    [Fact]
    public void Take_WhileAnothersLastAttemptRuns_LeavesItToThat()
    {
        using MessageQueue queue = Open();
        queue.Announce([Version("a", "1")]);
        Fail(queue);
        Fail(queue);
        _time.Advance(queue.UntilNext()!.Value);
        IReadOnlyList<SqsMessage> last = queue.Take(1);

        Assert.Empty(queue.Take(1));
        queue.Finish(last, None);

        Assert.Equal(_options.MaxReceiveCount, Assert.Single(last).ReceiveCount);
        Assert.Empty(queue.ReadDeadLetters());
    }

    [Fact]
    public void Open_AfterADeathInTheMiddle_HandsOutWhatWasNotFinished()
    {
        using (MessageQueue queue = Open())
        {
            queue.Announce([Version("a", "1")]);
            queue.Announce([Version("b", "1")]);
            queue.Finish(queue.Take(1), None);
            queue.Take(1);
        }

        using MessageQueue reopened = Open();

        SqsMessage left = Assert.Single(reopened.Take(10));
        Assert.Contains("\"key\":\"b\"", left.Body, StringComparison.Ordinal);
        Assert.Equal(2, left.ReceiveCount);
        Assert.Equal(0, reopened.Announce([Version("a", "1"), Version("b", "1")]));
    }

    [Fact]
    public void Open_AfterTooManyDeaths_GivesUpOnTheMessage()
    {
        using (MessageQueue queue = Open())
            queue.Announce([Version("a", "1")]);
        for (int i = 0; i < _options.MaxReceiveCount; i++)
        {
            using MessageQueue queue = Open();
            Assert.Single(queue.Take(1));
        }

        using MessageQueue last = Open();

        Assert.Empty(last.Take(1));
        Assert.Single(last.ReadDeadLetters());
    }

    public void Dispose() => Directory.Delete(_options.DataDirectory, recursive: true);

    private MessageQueue Open() => MessageQueue.Open(_options, _time);

    private IReadOnlyList<SqsMessage> Fail(MessageQueue queue)
    {
        IReadOnlyList<SqsMessage> taken = queue.Take(10);
        if (taken.Count == 0)
        {
            _time.Advance(queue.UntilNext()!.Value);
            taken = queue.Take(10);
        }
        return queue.Finish(taken, taken.Select(m => m.Id).ToHashSet());
    }

    private S3ObjectVersion Version(string key, string tag, int second = 0) => new(key, tag, 1, _time.GetUtcNow().AddSeconds(second));
}
