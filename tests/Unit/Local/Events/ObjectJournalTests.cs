using Microsoft.Extensions.Time.Testing;
using Serverless.Local.Events;
using Serverless.Local.Events.Stores;
using Serverless.Local.Queues;
using Serverless.Unit.Local.Events.Stores;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Local.Events;

public sealed class ObjectJournalTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("journal-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly AzureContainer _store = new(
        new BlobEventsOptions { ConnectionString = "UseDevelopmentStorage=true", DeletedQueue = "deleted" }
    );
    private ObjectJournal? _journal;

    [Fact]
    public void Announce_SameVersionTwice_IsOneEvent()
    {
        ObjectJournal journal = Open();

        Assert.Equal(1, journal.Announce([Version("a", "1")]));
        Assert.Equal(0, journal.Announce([Version("a", "1")]));

        Assert.Single(journal.Undelivered.Take(10));
    }

    [Fact]
    public void Announce_NewerVersion_IsNewsAndAnOlderLookIsNot()
    {
        ObjectJournal journal = Open();
        journal.Announce([Version("a", "2", second: 2)]);

        Assert.Equal(1, journal.Announce([Version("a", "3", second: 3)]));
        Assert.Equal(0, journal.Announce([Version("a", "2", second: 2)]));
        Assert.Equal(1, journal.Announce([Version("a", "3", second: 4)]));
    }

    [Fact]
    public void EndScan_ObjectThatWasNotListed_IsDeleted()
    {
        ObjectJournal journal = Open();
        journal.Announce([Version("kept", "1"), Version("gone", "1")]);
        journal.Undelivered.Finish(journal.Undelivered.Take(10), new HashSet<string>());

        journal.BeginScan();
        journal.Announce([Version("kept", "1")]);
        journal.Announce([Version("new", "1")]);

        Assert.Equal(1, journal.EndScan());
        Assert.Equal(
            [(BlobEvent.Created, "new"), (BlobEvent.Deleted, "gone")],
            journal.Undelivered.Take(10).Select(message => BlobEventTests.TypeAndNameOf(message.Body))
        );
    }

    [Fact]
    public void Forget_KnownObject_IsDeletedOnceAndCanComeAgain()
    {
        ObjectJournal journal = Open();
        journal.Announce([Version("a", "1")]);

        Assert.Equal(1, journal.Forget("a"));
        Assert.Equal(0, journal.Forget("a"));
        Assert.Equal(1, journal.Announce([Version("a", "1")]));
    }

    [Fact]
    public void Open_AfterADeath_KnowsTheVersionsAndTheEventsNotDelivered()
    {
        ObjectJournal journal = Open();
        journal.Announce([Version("a", "1")]);
        journal.Undelivered.Take(10);

        ObjectJournal reopened = Open();

        Assert.Equal(0, reopened.Announce([Version("a", "1")]));
        QueueMessage left = Assert.Single(reopened.Undelivered.Take(10));
        Assert.Equal((BlobEvent.Created, "a"), BlobEventTests.TypeAndNameOf(left.Body));
    }

    public void Dispose()
    {
        _journal?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private ObjectJournal Open()
    {
        _journal?.Dispose();
        return _journal = ObjectJournal.Open(_directory, _store, _time);
    }

    private FoundObject Version(string key, string tag, int second = 0) =>
        new(key, tag, 1, _time.GetUtcNow().AddSeconds(second), "text/plain", "BlockBlob");
}
