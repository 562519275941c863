using Microsoft.Data.Sqlite;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>
/// What the triggers remember across starts: blob receipts and timer schedules. A crash of the process loses nothing; a crash of the
/// machine may lose the last moments, which costs a repeated event. Thread-safe: one statement at a time, each of microseconds.
/// </summary>
internal sealed class TriggerDatabase : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL;
        CREATE TABLE IF NOT EXISTS blob_receipts (
            function TEXT NOT NULL, container TEXT NOT NULL, blob TEXT NOT NULL,
            etag TEXT NOT NULL, attempts INTEGER NOT NULL,
            due INTEGER, -- Unix milliseconds of the next attempt; null when the version is done
            PRIMARY KEY (function, container, blob)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS blob_receipts_due ON blob_receipts (function, container, due) WHERE due IS NOT NULL;
        CREATE TABLE IF NOT EXISTS timers (
            function TEXT PRIMARY KEY, last INTEGER NOT NULL, next INTEGER NOT NULL, updated INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private readonly Lock _lock = new();

    public TriggerDatabase(string directory)
    {
        SqliteNative.Load(); // the one library of the durable engine's file: functions of two do not know each other's handles
        var file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "triggers.db"), Pooling = false };
        _connection = new SqliteConnection(file.ToString());
        _connection.Open();
        Execute(Schema);
    }

    public void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
            Prepare(sql, parameters).ExecuteNonQuery();
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        lock (_lock)
        {
            using var reader = Prepare(sql, parameters).ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
                rows.Add(read(reader));
            return rows;
        }
    }

    public void Dispose()
    {
        foreach (var command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            _commands[sql] = command;
        }

        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}
