using System.Collections.Concurrent;

namespace Serverless.Local.Durable.Storage;

/// <summary>
/// One task hub in one SQLite file, which may hold several and be open in several processes. Writes are acknowledged when they are
/// on disk; readers see the last commit and never wait for the writer. Thread-safe.
/// </summary>
internal sealed class DurableStore : IDisposable
{
    private readonly SqlSession _writing;
    private readonly CommitQueue _commits;
    private readonly TimeProvider _time;

    // Each is used by one thread at a time.
    private readonly ConcurrentBag<SqlSession> _readers = [];
    private long _lastNow;

    private DurableStore(string path, long hub, SqlSession writing, TimeProvider time, ICommitStep lastStep, bool hasWriter)
    {
        Path = path;
        Hub = hub;
        _writing = writing;
        _time = time;
        _commits = new CommitQueue(writing, Begin, lastStep, hasWriter);
    }

    public string Path { get; }

    public long Hub { get; }

    public long Now => _time.GetUtcNow().UtcTicks;

    /// <summary>The changes that wait to be written.</summary>
    public CommitQueue Commits => _commits;

    public static DurableStore Open(string path, string hubName, TimeProvider time, ICommitStep lastStep, bool hasWriter = true)
    {
        path = System.IO.Path.GetFullPath(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        SqlSession writing = new(path);
        try
        {
            Schema.Ensure(writing, path);
            writing.Execute("INSERT INTO hubs (name) VALUES (?1) ON CONFLICT DO NOTHING", hubName);
            long hub = writing.Scalar("SELECT id FROM hubs WHERE name = ?1", hubName);
            return new DurableStore(path, hub, writing, time, lastStep, hasWriter);
        }
        catch
        {
            writing.Dispose();
            throw;
        }
    }

    public Task<T> WriteAsync<T>(Func<StoreTransaction, T> apply) => _commits.WriteAsync(apply);

    public T Read<T>(Func<SqlSession, T> read)
    {
        if (!_readers.TryTake(out SqlSession? session))
        {
            session = new SqlSession(Path);
        }

        try
        {
            return read(session);
        }
        finally
        {
            _readers.Add(session);
        }
    }

    /// <summary>Reads several things as of one commit.</summary>
    public T ReadTogether<T>(Func<SqlSession, T> read) =>
        Read(session =>
        {
            session.Execute("BEGIN");
            try
            {
                return read(session);
            }
            finally
            {
                session.Rollback();
            }
        });

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

    private StoreTransaction Begin(SqlSession session)
    {
        // A clock that is set back must not reorder messages.
        _lastNow = Math.Max(_lastNow, Now);
        return new StoreTransaction(session, Hub, _lastNow);
    }

    private void Close()
    {
        _writing.Dispose();
        foreach (SqlSession reader in _readers)
        {
            reader.Dispose();
        }
    }
}
