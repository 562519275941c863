using Serverless.Local.Events.Stores;
using Serverless.Local.Queues;

namespace Serverless.Local.Events;

/// <summary>
/// The versions of a store's objects that are known, and the events that were not delivered yet, in one SQLite file: a version is noted
/// and its event kept in one transaction, so none is lost, whenever the process dies. Thread-safe.
/// </summary>
internal sealed class ObjectJournal : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS noted (
            key TEXT PRIMARY KEY, etag TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL,
            content_type TEXT NOT NULL, blob_type TEXT NOT NULL, scan INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private static readonly QueueOptions Retries = new() { LongestRetryDelay = TimeSpan.FromSeconds(10) };

    private readonly SqliteFile _file;
    private readonly IWatchedStore _store;
    private readonly TimeProvider _time;
    private long _scan;

    private ObjectJournal(SqliteFile file, IWatchedStore store, TimeProvider time)
    {
        (_file, _store, _time) = (file, store, time);
        _file.Execute(Schema);
        Undelivered = new MessageQueue(file, Retries, time);
        BeginScan();
    }

    public MessageQueue Undelivered { get; }

    /// <exception cref="IOException">The file cannot be used.</exception>
    public static ObjectJournal Open(string directory, IWatchedStore store, TimeProvider time) =>
        new(SqliteFile.Open(Path.Combine(directory, "events", $"{store.Name}.db")), store, time);

    /// <summary>Keeps events for those versions that were not noted before; returns how many there were.</summary>
    public int Announce(IReadOnlyCollection<FoundObject> found) =>
        found.Count == 0
            ? 0
            : _file.InTransaction(() =>
            {
                FoundObject[] news = [.. found.Where(TryNote)];
                Undelivered.Send([.. news.Select(_store.DescribeCreated)]);
                return news.Length;
            });

    /// <summary>The object is gone.</summary>
    public int Forget(string key) => Forget("key = $1", key);

    /// <summary>Objects that are neither listed nor announced from now on are told by <see cref="EndScan"/>.</summary>
    public void BeginScan()
    {
        lock (_file.Gate)
        {
            // Above the number of every scan before, also of those of processes before.
            _scan = Math.Max(_scan + 1, _time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    /// <summary>Forgets what the whole listing did not have; returns how many objects that were.</summary>
    public int EndScan() => Forget("scan < $1", _scan);

    public void Dispose() => _file.Dispose();

    /// <summary>The same bytes written again are a new event, told by their time; an old look at an object is none.</summary>
    private bool TryNote(FoundObject found)
    {
        bool isNew =
            _file.Execute(
                """
                INSERT INTO noted (key, etag, size, modified, content_type, blob_type, scan) VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, size = excluded.size, modified = excluded.modified,
                    content_type = excluded.content_type, blob_type = excluded.blob_type, scan = excluded.scan
                WHERE excluded.modified > modified OR (excluded.modified = modified AND excluded.etag <> etag)
                """,
                found.Key,
                found.ETag,
                found.Size,
                found.Modified.ToUnixTimeMilliseconds(),
                found.ContentType,
                found.BlobType,
                _scan
            ) > 0;
        if (!isNew)
        {
            _file.Execute("UPDATE noted SET scan = $1 WHERE key = $2", _scan, found.Key);
        }

        return isNew;
    }

    private int Forget(string condition, object value) =>
        _file.InTransaction(() =>
        {
            List<FoundObject> gone = _file.Query(
                $"SELECT key, etag, size, modified, content_type, blob_type FROM noted WHERE {condition}",
                row => new FoundObject(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetInt64(2),
                    DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
                    row.GetString(4),
                    row.GetString(5)
                ),
                value
            );
            if (gone.Count > 0)
            {
                _file.Execute($"DELETE FROM noted WHERE {condition}", value);
                Undelivered.Send([.. gone.Select(_store.DescribeDeleted).OfType<string>()]);
            }

            return gone.Count;
        });
}
