using System.Security.Cryptography;
using System.Text;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>
/// The bucket's notification, the queue behind it and its dead letters, in one SQLite file: an object version is noted and its
/// message written in one transaction, and a message stays until its delivery succeeded. So each version is delivered at
/// least once, whenever the process dies. One process at a time; safe from all threads of it.
/// </summary>
internal sealed class MessageQueue : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS noted (key TEXT PRIMARY KEY, etag TEXT NOT NULL, modified INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL,
            received INTEGER NOT NULL DEFAULT 0, first_received INTEGER, visible INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS messages_visible ON messages (visible);
        CREATE TABLE IF NOT EXISTS dead_letters (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL,
            received INTEGER NOT NULL, died INTEGER NOT NULL);
        """;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly LambdaOptions _options;
    private readonly TimeProvider _time;
    private readonly SqlSession _session;
    private readonly Lock _gate = new();
    private readonly HashSet<long> _inFlight = [];

    private MessageQueue(LambdaOptions options, TimeProvider time, SqlSession session)
    {
        _options = options;
        _time = time;
        _session = session;
    }

    public static MessageQueue Open(LambdaOptions options, TimeProvider time)
    {
        string directory = Path.Combine(options.DataDirectory, "lambda");
        Directory.CreateDirectory(directory);
        SqlSession session = new(Path.Combine(directory, $"{options.Bucket}.db"));
        session.Execute(Schema);
        return new MessageQueue(options, time, session);
    }

    /// <summary>Writes messages for those versions that were not noted before; returns how many there were.</summary>
    public int Announce(IEnumerable<S3ObjectVersion> found)
    {
        lock (_gate)
        {
            return _session.InTransaction(() =>
            {
                S3ObjectVersion[] news = [.. found.Where(TryNote)];
                foreach (S3ObjectVersion[] together in news.Chunk(_options.RecordsPerMessage))
                {
                    string body = S3Notification.Format(together, _options.Bucket, _options.Region);
                    _session.Execute("INSERT INTO messages (id, body, sent, visible) VALUES ($1, $2, $3, $3)", IdOf(body, Now), body, Now);
                }
                return news.Length;
            });
        }
    }

    /// <summary>Hands out messages that are due, none twice at a time. The caller ends with <see cref="Finish"/>.</summary>
    public IReadOnlyList<SqsMessage> Take(int max)
    {
        lock (_gate)
        {
            long now = Now;
            List<SqsMessage> taken = _session.InTransaction(() =>
            {
                BuryUnfinished(now);
                List<SqsMessage> due = _session.Query(
                    "SELECT sequence, id, body, sent, first_received, received FROM messages WHERE visible <= $1 ORDER BY sequence LIMIT $2",
                    row => new SqsMessage(
                        row.GetInt64(0), row.GetString(1), row.GetString(2), At(row.GetInt64(3)), At(row.IsDBNull(4) ? now : row.GetInt64(4)), row.GetInt32(5) + 1),
                    now, max + _inFlight.Count);
                due = [.. due.Where(message => !_inFlight.Contains(message.Sequence)).Take(max)];
                foreach (SqsMessage message in due)
                    _session.Execute(
                        "UPDATE messages SET received = received + 1, first_received = coalesce(first_received, $1) WHERE sequence = $2", now, message.Sequence);
                return due;
            });
            _inFlight.UnionWith(taken.Select(message => message.Sequence));
            return taken;
        }
    }

    /// <summary>
    /// Deletes what succeeded; what failed comes again later, or is a dead letter. Returns the new dead letters. Where it cannot be
    /// written, all of them come again.
    /// </summary>
    public IReadOnlyList<SqsMessage> Finish(IReadOnlyList<SqsMessage> messages, IReadOnlySet<string> failures)
    {
        lock (_gate)
        {
            _inFlight.ExceptWith(messages.Select(message => message.Sequence));
            return _session.InTransaction(() =>
            {
                List<SqsMessage> dead = [];
                foreach (SqsMessage message in messages)
                {
                    if (!failures.Contains(message.Id))
                    {
                        _session.Execute("DELETE FROM messages WHERE sequence = $1", message.Sequence);
                    }
                    else if (message.ReceiveCount >= _options.MaxReceiveCount)
                    {
                        Bury(message.Sequence);
                        dead.Add(message);
                    }
                    else
                    {
                        long visible = Now + (long)DelayAfter(message.ReceiveCount).TotalMilliseconds;
                        _session.Execute("UPDATE messages SET visible = $1 WHERE sequence = $2", visible, message.Sequence);
                    }
                }
                return dead;
            });
        }
    }

    /// <summary>How long until a message is due that is not in flight; null when there is none.</summary>
    public TimeSpan? UntilNext()
    {
        lock (_gate)
        {
            List<(long Sequence, long Visible)> next = _session.Query(
                "SELECT sequence, visible FROM messages ORDER BY visible LIMIT $1", row => (row.GetInt64(0), row.GetInt64(1)), _inFlight.Count + 1);
            int first = next.FindIndex(message => !_inFlight.Contains(message.Sequence));
            return first < 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, next[first].Visible - Now));
        }
    }

    /// <summary>Bodies of the messages that failed too often, oldest first.</summary>
    public IReadOnlyList<string> ReadDeadLetters()
    {
        lock (_gate)
            return _session.Query("SELECT body FROM dead_letters ORDER BY sequence", row => row.GetString(0));
    }

    public void Dispose() => _session.Dispose();

    /// <summary>The same bytes written again are a new event, told by their time; an old look at an object is none.</summary>
    private bool TryNote(S3ObjectVersion found) =>
        _session.Execute(
            """
            INSERT INTO noted (key, etag, modified) VALUES ($1, $2, $3)
            ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, modified = excluded.modified
            WHERE excluded.modified > modified OR (excluded.modified = modified AND excluded.etag <> etag)
            """,
            found.Key, found.ETag, found.Modified.ToUnixTimeMilliseconds()) > 0;

    /// <summary>Over the count without ever having finished: the process died each time. One in flight is at its last attempt.</summary>
    private void BuryUnfinished(long now)
    {
        List<long> over = _session.Query(
            "SELECT sequence FROM messages WHERE received >= $1 AND visible <= $2", row => row.GetInt64(0), _options.MaxReceiveCount, now);
        foreach (long sequence in over.Where(sequence => !_inFlight.Contains(sequence)))
            Bury(sequence);
    }

    private void Bury(long sequence)
    {
        _session.Execute("INSERT INTO dead_letters SELECT sequence, id, body, sent, received, $1 FROM messages WHERE sequence = $2", Now, sequence);
        _session.Execute("DELETE FROM messages WHERE sequence = $1", sequence);
    }

    private TimeSpan DelayAfter(int receiveCount)
    {
        TimeSpan delay = _options.RetryDelay * Math.Pow(2, Math.Min(receiveCount - 1, 20));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private static string IdOf(string body, long now) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{now} {body}")).AsSpan(0, 16)).ToString();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
