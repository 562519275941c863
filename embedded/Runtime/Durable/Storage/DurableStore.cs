using Microsoft.DurableTask.Client;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>
/// Everything the engine must not forget, in one SQLite file: instances, their histories, their inboxes and the activities to
/// run. Writes are acknowledged when they are on disk. Thread-safe.
/// </summary>
internal sealed partial class DurableStore : IDisposable
{
    private readonly string _path;
    private readonly OwnerLock _lock;
    private readonly SqlSession _writing;
    private readonly CommitQueue _commits;

    private DurableStore(string path, OwnerLock owner, SqlSession writing)
    {
        _path = path;
        _lock = owner;
        _writing = writing;
        _commits = new CommitQueue(writing);
    }

    public static DurableStore Open(string path)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OwnerLock owner = new(path);
        try
        {
            SqlSession writing = new(path);
            Schema.Ensure(writing, path);
            return new DurableStore(path, owner, writing);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Starts an instance unless one of the same id exists in a status of <paramref name="refusing"/>, whose status is then
    /// returned. One that exists in another status gives way.
    /// </summary>
    public Task<(Message? Start, OrchestrationRuntimeStatus? Refused)> StartAsync(
        NewInstance instance, IReadOnlySet<OrchestrationRuntimeStatus> refusing) =>
        _commits.WriteAsync<(Message?, OrchestrationRuntimeStatus?)>(session =>
        {
            InstanceStanding? existing = InstancesTable.Standing(session, instance.Id);
            return existing is not null && refusing.Contains(existing.Status)
                ? (null, existing.Status)
                : (InstancesTable.Start(session, instance, existing), null);
        });

    /// <summary>Puts an event into a running instance's inbox; else says how the instance stands, null when there is none.</summary>
    public Task<(Message? Sent, OrchestrationRuntimeStatus? Status)> SendAsync(string instanceId, DurableEvent item) =>
        _commits.WriteAsync<(Message?, OrchestrationRuntimeStatus?)>(session =>
        {
            InstanceStanding? row = InstancesTable.Standing(session, instanceId);
            return row is { IsFinished: false }
                ? (InboxTable.Add(session, instanceId, null, item), row.Status)
                : (null, row?.Status);
        });

    /// <summary>Null when the execution is no longer current; the messages it took are gone all the same.</summary>
    public Task<Outbox?> CommitAsync(TurnCommit turn) => _commits.WriteAsync(turn.Apply);

    /// <summary>Drops messages that nobody will take, with the activities they are the results of.</summary>
    public Task DiscardAsync(IReadOnlyList<Message> messages) => _commits.WriteAsync(session =>
    {
        foreach (Message message in messages)
            TurnCommit.Discard(session, message);
        return messages.Count;
    });

    /// <summary>Removes a finished instance; returns how many went, with its finished sub-orchestrations if <paramref name="recursive"/>.</summary>
    public Task<int> PurgeAsync(string instanceId, bool recursive) =>
        _commits.WriteAsync(session => Purge(session, instanceId, recursive));

    /// <summary>Ends as a crash would: what is not on disk is lost.</summary>
    public void Abandon()
    {
        _commits.Abandon();
        Close();
    }

    public void Dispose()
    {
        _commits.Dispose();
        Close();
    }

    private static int Purge(SqlSession session, string instanceId, bool recursive)
    {
        if (InstancesTable.Standing(session, instanceId) is not { IsFinished: true })
            return 0;
        int purged = 1;
        if (recursive)
            purged += InstancesTable.Children(session, instanceId).Sum(child => Purge(session, child, recursive));
        InstancesTable.Delete(session, instanceId);
        HistoryTable.Clear(session, instanceId);
        InboxTable.Clear(session, instanceId);
        return purged;
    }

    private void Close()
    {
        while (_readers.TryTake(out SqlSession? reader))
            reader.Dispose();
        _writing.Dispose();
        _lock.Dispose();
    }
}
