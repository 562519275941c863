using System.Security.Cryptography;
using System.Text;

namespace Serverless.Local.Queues;

/// <summary>
/// A queue and its dead letters in an SQLite file. A message stays until its delivery succeeded, so each is delivered at least once,
/// whenever the process dies. While it is in flight nobody else gets it; what was in flight when the process died is due at once.
/// One process at a time; safe from all threads of it.
/// </summary>
internal sealed class MessageQueue
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS messages (
            sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL,
            received INTEGER NOT NULL DEFAULT 0, first_received INTEGER, visible INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS messages_visible ON messages (visible);
        CREATE TABLE IF NOT EXISTS dead_letters (
            sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL, sent INTEGER NOT NULL,
            received INTEGER NOT NULL, died INTEGER NOT NULL);
        """;

    private readonly SqliteFile _file;
    private readonly QueueOptions _options;
    private readonly TimeProvider _time;
    private readonly HashSet<long> _inFlight = [];

    public MessageQueue(SqliteFile file, QueueOptions options, TimeProvider time)
    {
        (_file, _options, _time) = (file, options, time);
        _file.Execute(Schema);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Keeps the messages, all or none, and returns their ids.</summary>
    public IReadOnlyList<string> Send(IReadOnlyList<string> bodies) =>
        _file.InTransaction<IReadOnlyList<string>>(() => [.. bodies.Select(Insert)]);

    /// <summary>Hands out messages that are due, none twice at a time. The caller ends with <see cref="Finish"/>.</summary>
    public IReadOnlyList<QueueMessage> Take(int max)
    {
        lock (_file.Gate)
        {
            List<QueueMessage> taken = _file.InTransaction(() => Receive(max, Now));
            _inFlight.UnionWith(taken.Select(message => message.Sequence));
            return taken;
        }
    }

    /// <summary>
    /// Deletes what succeeded; what failed comes again later, or is a dead letter. Returns the new dead letters. Where it cannot be
    /// written, all of them come again.
    /// </summary>
    public IReadOnlyList<QueueMessage> Finish(IReadOnlyList<QueueMessage> messages, IReadOnlySet<string> failures)
    {
        lock (_file.Gate)
        {
            _inFlight.ExceptWith(messages.Select(message => message.Sequence));
            return _file.InTransaction<IReadOnlyList<QueueMessage>>(() =>
                [.. messages.Where(message => Settle(message, failures.Contains(message.Id)))]
            );
        }
    }

    /// <summary>How many messages could be handed out now, counted up to a limit.</summary>
    public int CountDue(int limit)
    {
        lock (_file.Gate)
        {
            return FindDue(limit, Now).Count;
        }
    }

    /// <summary>How long until a message is due that is not in flight; null when there is none.</summary>
    public TimeSpan? UntilNext()
    {
        lock (_file.Gate)
        {
            List<(long Sequence, long Visible)> next = _file.Query(
                "SELECT sequence, visible FROM messages ORDER BY visible LIMIT $1",
                row => (row.GetInt64(0), row.GetInt64(1)),
                _inFlight.Count + 1
            );
            int first = next.FindIndex(message => !_inFlight.Contains(message.Sequence));
            return first < 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, next[first].Visible - Now));
        }
    }

    /// <summary>Bodies of the messages that failed too often, oldest first.</summary>
    public IReadOnlyList<string> ReadDeadLetters() =>
        _file.Query("SELECT body FROM dead_letters ORDER BY sequence", row => row.GetString(0));

    public QueueCounts Count()
    {
        lock (_file.Gate)
        {
            return _file.Query("SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM dead_letters)", row => new QueueCounts(
                row.GetInt64(0),
                _inFlight.Count,
                row.GetInt64(1)
            ))[0];
        }
    }

    private string Insert(string body)
    {
        long now = Now;
        _file.Execute("INSERT INTO messages (id, body, sent, visible) VALUES ('', $1, $2, $2)", body, now);
        long sequence = _file.Query("SELECT last_insert_rowid()", row => row.GetInt64(0))[0];
        string id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{now} {sequence} {body}")).AsSpan(0, 16)).ToString();
        _file.Execute("UPDATE messages SET id = $1 WHERE sequence = $2", id, sequence);
        return id;
    }

    private List<QueueMessage> Receive(int max, long now)
    {
        BuryUnfinished(now);
        List<QueueMessage> due = FindDue(max, now);
        foreach (QueueMessage message in due)
        {
            _file.Execute(
                "UPDATE messages SET received = received + 1, first_received = coalesce(first_received, $1) WHERE sequence = $2",
                now,
                message.Sequence
            );
        }

        return due;
    }

    /// <summary>In the order in which they fell due, so that one which fails again and again stands behind those that wait.</summary>
    private List<QueueMessage> FindDue(int max, long now)
    {
        List<QueueMessage> due = _file.Query(
            """
            SELECT sequence, id, body, sent, first_received, received FROM messages
            WHERE visible <= $1 ORDER BY visible, sequence LIMIT $2
            """,
            row => new QueueMessage(
                row.GetInt64(0),
                row.GetString(1),
                row.GetString(2),
                At(row.GetInt64(3)),
                At(row.IsDBNull(4) ? now : row.GetInt64(4)),
                row.GetInt32(5) + 1
            ),
            now,
            max + _inFlight.Count
        );
        return [.. due.Where(message => !_inFlight.Contains(message.Sequence)).Take(max)];
    }

    /// <summary>Over the count without ever having finished: the process died each time. One in flight is at its last attempt.</summary>
    private void BuryUnfinished(long now)
    {
        List<long> over = _file.Query(
            "SELECT sequence FROM messages WHERE received >= $1 AND visible <= $2",
            row => row.GetInt64(0),
            _options.MaxReceiveCount,
            now
        );
        foreach (long sequence in over.Where(sequence => !_inFlight.Contains(sequence)))
        {
            Bury(sequence);
        }
    }

    /// <summary>True for a message that is a dead letter now.</summary>
    private bool Settle(QueueMessage message, bool failed)
    {
        if (!failed)
        {
            _file.Execute("DELETE FROM messages WHERE sequence = $1", message.Sequence);
            return false;
        }

        if (message.ReceiveCount >= _options.MaxReceiveCount)
        {
            Bury(message.Sequence);
            return true;
        }

        long visible = Now + (long)DelayAfter(message.ReceiveCount).TotalMilliseconds;
        _file.Execute("UPDATE messages SET visible = $1 WHERE sequence = $2", visible, message.Sequence);
        return false;
    }

    private void Bury(long sequence)
    {
        _file.Execute(
            "INSERT INTO dead_letters SELECT sequence, id, body, sent, received, $1 FROM messages WHERE sequence = $2",
            Now,
            sequence
        );
        _file.Execute("DELETE FROM messages WHERE sequence = $1", sequence);
    }

    private TimeSpan DelayAfter(int receiveCount)
    {
        TimeSpan delay = _options.RetryDelay * Math.Pow(2, Math.Min(receiveCount - 1, 20));
        return delay < _options.LongestRetryDelay ? delay : _options.LongestRetryDelay;
    }

    private static DateTimeOffset At(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
