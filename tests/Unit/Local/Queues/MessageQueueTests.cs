using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Queues;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Queues;

public sealed class MessageQueueTests : IDisposable
{
    private static readonly HashSet<string> None = [];

    private readonly string _directory = Directory.CreateTempSubdirectory("queue-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly QueueOptions _options = new() { MaxReceiveCount = 3, RetryDelay = TimeSpan.FromSeconds(10) };
    private SqliteFile? _file;

    [Fact]
    public void Send_Several_KeepsTheirOrderAndGivesEachAnId()
    {
        MessageQueue queue = Open();

        IReadOnlyList<string> ids = queue.Send(["a", "b", "a"]);

        Assert.Equal(3, ids.Distinct().Count());
        IReadOnlyList<QueueMessage> taken = queue.Take(10);
        Assert.Equal(
            [("a", ids[0], 1), ("b", ids[1], 1), ("a", ids[2], 1)],
            taken.Select(message => (message.Body, message.Id, message.ReceiveCount))
        );
    }

    [Fact]
    public void Take_InFlight_IsNotHandedOutTwice()
    {
        MessageQueue queue = Open();
        queue.Send(["a"]);

        Assert.Single(queue.Take(10));

        Assert.Empty(queue.Take(10));
        Assert.Null(queue.UntilNext());
        Assert.Equal(new QueueCounts(Waiting: 1, InFlight: 1, DeadLetters: 0), queue.Count());
    }

    [Fact]
    public void Finish_Failure_ComesAgainLaterAndLater()
    {
        MessageQueue queue = Open();
        queue.Send(["a"]);

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
        MessageQueue queue = Open();
        queue.Send(["a", "b"]);
        IReadOnlyList<QueueMessage> taken = queue.Take(10);

        queue.Finish(taken, new HashSet<string> { taken[1].Id });

        _time.Advance(TimeSpan.FromMinutes(1));
        QueueMessage again = Assert.Single(queue.Take(10));
        Assert.Equal((taken[1].Id, 2), (again.Id, again.ReceiveCount));
    }

    [Fact]
    public void Take_AFailure_StandsBehindWhatFellDueBeforeIt()
    {
        MessageQueue queue = Open();
        queue.Send(["a"]);
        Fail(queue);
        _time.Advance(TimeSpan.FromSeconds(5));
        queue.Send(["b"]);
        _time.Advance(TimeSpan.FromSeconds(5));

        IEnumerable<string> taken = queue.Take(10).Select(message => message.Body);

        Assert.Equal(["b", "a"], taken);
    }

    [Fact]
    public void Finish_FailureTooOften_IsADeadLetter()
    {
        MessageQueue queue = Open();
        queue.Send(["a"]);

        Assert.Empty(Fail(queue));
        Assert.Empty(Fail(queue));
        QueueMessage dead = Assert.Single(Fail(queue));

        Assert.Equal(3, dead.ReceiveCount);
        Assert.Null(queue.UntilNext());
        Assert.Equal([dead.Body], queue.ReadDeadLetters());
    }

    [Fact]
    public void Take_WhileAnothersLastAttemptRuns_LeavesItToThat()
    {
        MessageQueue queue = Open();
        queue.Send(["a"]);
        Fail(queue);
        Fail(queue);
        _time.Advance(queue.UntilNext()!.Value);
        IReadOnlyList<QueueMessage> last = queue.Take(1);

        Assert.Empty(queue.Take(1));
        queue.Finish(last, None);

        Assert.Equal(_options.MaxReceiveCount, Assert.Single(last).ReceiveCount);
        Assert.Empty(queue.ReadDeadLetters());
    }

    [Fact]
    public void Open_AfterADeathInTheMiddle_HandsOutWhatWasNotFinished()
    {
        MessageQueue queue = Open();
        queue.Send(["a", "b"]);
        queue.Finish(queue.Take(1), None);
        queue.Take(1);

        QueueMessage left = Assert.Single(Open().Take(10));

        Assert.Equal(("b", 2), (left.Body, left.ReceiveCount));
    }

    [Fact]
    public void Open_AfterTooManyDeaths_GivesUpOnTheMessage()
    {
        Open().Send(["a"]);
        for (int i = 0; i < _options.MaxReceiveCount; i++)
        {
            Assert.Single(Open().Take(1));
        }

        MessageQueue last = Open();

        Assert.Empty(last.Take(1));
        Assert.Single(last.ReadDeadLetters());
    }

    public void Dispose()
    {
        _file?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Opens the file again, as a process does that follows one which ended.</summary>
    private MessageQueue Open()
    {
        _file?.Dispose();
        _file = SqliteFile.Open(Path.Combine(_directory, "queue.db"));
        return new MessageQueue(_file, _options, _time);
    }

    private IReadOnlyList<QueueMessage> Fail(MessageQueue queue)
    {
        IReadOnlyList<QueueMessage> taken = queue.Take(10);
        if (taken.Count == 0)
        {
            _time.Advance(queue.UntilNext()!.Value);
            taken = queue.Take(10);
        }

        return queue.Finish(taken, taken.Select(m => m.Id).ToHashSet());
    }
}
