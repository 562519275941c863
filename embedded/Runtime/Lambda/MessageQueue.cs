using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>
/// The bucket's notification, the queue behind it and its dead letters, in one SQLite file: an object version is noted and its
/// message written in one transaction, and a message stays until its delivery succeeded. So each version is delivered at
/// least once, whenever the process dies. One process at a time; safe from all threads of it.
/// </summary>
internal sealed class MessageQueue : IDisposable
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    private readonly LambdaOptions _options;
    private readonly TimeProvider _time;
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();
    private readonly HashSet<long> _inFlight = [];

    private MessageQueue(LambdaOptions options, TimeProvider time, SqliteConnection connection)
    {
        _options = options;
        _time = time;
        _connection = connection;
    }

    public static MessageQueue Open(LambdaOptions options, TimeProvider time)
    {
        SqliteNative.Load();
        string directory = Path.Combine(options.DataDirectory, "lambda");
        Directory.CreateDirectory(directory);
        SqliteConnection connection = new($"Data Source={Path.Combine(directory, options.Bucket)}.db;Pooling=False");
        connection.Open();
        MessageQueue queue = new(options, time, connection);
        queue.Execute("""
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
            """);
        return queue;
    }

    /// <summary>Writes messages for those versions that were not noted before; returns how many there were.</summary>
    public int Announce(IEnumerable<S3ObjectVersion> found)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            S3ObjectVersion[] news = [.. found.Where(TryNote)];
            long now = Now;
            foreach (S3ObjectVersion[] together in news.Chunk(_options.RecordsPerMessage))
            {
                string body = S3Notification.Format(together, _options.Bucket, _options.Region);
                Execute(
                    "INSERT INTO messages (id, body, sent, visible) VALUES ($id, $body, $now, $now)",
                    ("$id", IdOf(body, now)), ("$body", body), ("$now", now));
            }
            transaction.Commit();
            return news.Length;
        }
    }

    /// <summary>Hands out messages that are due, none twice at a time. The caller ends with <see cref="Finish"/>.</summary>
    public IReadOnlyList<SqsMessage> Take(int max)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            long now = Now;
            // Over the count without ever having finished: the process died each time.
            Bury("received >= $max AND visible <= $now", ("$max", _options.MaxReceiveCount), ("$now", now));
            List<SqsMessage> taken = [];
            using (SqliteCommand command = Command(
                "SELECT sequence, id, body, sent, first_received, received FROM messages WHERE visible <= $now ORDER BY sequence LIMIT $limit",
                ("$now", now), ("$limit", max + _inFlight.Count)))
            using (SqliteDataReader row = command.ExecuteReader())
            {
                while (taken.Count < max && row.Read())
                {
                    if (_inFlight.Add(row.GetInt64(0)))
                        taken.Add(new(
                            row.GetInt64(0), row.GetString(1), row.GetString(2), At(row.GetInt64(3)), At(row.IsDBNull(4) ? now : row.GetInt64(4)), row.GetInt32(5) + 1));
                }
            }
            foreach (SqsMessage message in taken)
                Execute(
                    "UPDATE messages SET received = received + 1, first_received = coalesce(first_received, $now) WHERE sequence = $sequence",
                    ("$now", now), ("$sequence", message.Sequence));
            transaction.Commit();
            return taken;
        }
    }

    /// <summary>Deletes what succeeded; what failed comes again later, or is a dead letter. Returns the new dead letters.</summary>
    public IReadOnlyList<SqsMessage> Finish(IReadOnlyList<SqsMessage> messages, IReadOnlySet<string> failures)
    {
        lock (_gate)
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            List<SqsMessage> dead = [];
            foreach (SqsMessage message in messages)
            {
                _inFlight.Remove(message.Sequence);
                if (!failures.Contains(message.Id))
                {
                    Execute("DELETE FROM messages WHERE sequence = $sequence", ("$sequence", message.Sequence));
                }
                else if (message.ReceiveCount >= _options.MaxReceiveCount)
                {
                    Bury("sequence = $sequence", ("$sequence", message.Sequence));
                    dead.Add(message);
                }
                else
                {
                    Execute(
                        "UPDATE messages SET visible = $visible WHERE sequence = $sequence",
                        ("$visible", Now + (long)DelayAfter(message.ReceiveCount).TotalMilliseconds), ("$sequence", message.Sequence));
                }
            }
            transaction.Commit();
            return dead;
        }
    }

    /// <summary>How long until a message is due that is not in flight; null when there is none.</summary>
    public TimeSpan? UntilNext()
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("SELECT sequence, visible FROM messages ORDER BY visible LIMIT $limit", ("$limit", _inFlight.Count + 1));
            using SqliteDataReader row = command.ExecuteReader();
            while (row.Read())
            {
                if (!_inFlight.Contains(row.GetInt64(0)))
                    return TimeSpan.FromMilliseconds(Math.Max(0, row.GetInt64(1) - Now));
            }
            return null;
        }
    }

    /// <summary>Bodies of the messages that failed too often, oldest first.</summary>
    public IReadOnlyList<string> ReadDeadLetters()
    {
        lock (_gate)
        {
            using SqliteCommand command = Command("SELECT body FROM dead_letters ORDER BY sequence");
            using SqliteDataReader row = command.ExecuteReader();
            List<string> bodies = [];
            while (row.Read())
                bodies.Add(row.GetString(0));
            return bodies;
        }
    }

    public void Dispose() => _connection.Dispose();

    /// <summary>The same bytes written again are a new event, told by their time; an old look at an object is none.</summary>
    private bool TryNote(S3ObjectVersion found) =>
        Execute(
            """
            INSERT INTO noted (key, etag, modified) VALUES ($key, $etag, $modified)
            ON CONFLICT (key) DO UPDATE SET etag = excluded.etag, modified = excluded.modified
            WHERE excluded.modified > modified OR (excluded.modified = modified AND excluded.etag <> etag)
            """,
            ("$key", found.Key), ("$etag", found.ETag), ("$modified", found.Modified.ToUnixTimeMilliseconds())) > 0;

    private void Bury(string condition, params ReadOnlySpan<(string, object)> parameters)
    {
        (string, object)[] all = [.. parameters, ("$died", Now)];
        Execute($"INSERT INTO dead_letters SELECT sequence, id, body, sent, received, $died FROM messages WHERE {condition}", all);
        Execute($"DELETE FROM messages WHERE {condition}", all);
    }

    private TimeSpan DelayAfter(int receiveCount)
    {
        TimeSpan delay = _options.RetryDelay * Math.Pow(2, Math.Min(receiveCount - 1, 20));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private static string IdOf(string body, long now) => new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{now} {body}")).AsSpan(0, 16)).ToString();

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private int Execute(string sql, params ReadOnlySpan<(string, object)> parameters)
    {
        using SqliteCommand command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
