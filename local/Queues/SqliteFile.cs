using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Serverless.Local.Queues;

/// <summary>
/// A database file that one process holds at a time, with its prepared statements. Parameters are $1, $2, … Several threads may share
/// it: whoever uses it holds <see cref="Gate"/>, which a transaction takes by itself.
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    // FULL: what was confirmed stays also when the power fails. EXCLUSIVE: a second process is refused instead of sharing the work.
    private const string Settings = """
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        """;

    private const int SecondsToWaitForTheLastHolder = 10;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];
    private bool _inTransaction;

    private SqliteFile(SqliteConnection connection) => _connection = connection;

    /// <summary>Reentrant.</summary>
    public Lock Gate { get; } = new();

    /// <exception cref="IOException">The file cannot be used; the message says why in one line.</exception>
    public static SqliteFile Open(string path)
    {
        Batteries_V2.Init();
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Pooling = false,
            DefaultTimeout = SecondsToWaitForTheLastHolder,
        };
        SqliteConnection connection = new(settings.ToString());
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = Settings;
            command.ExecuteNonQuery();
            return new SqliteFile(connection);
        }
        catch (Exception e) when (e is SqliteException or UnauthorizedAccessException)
        {
            connection.Dispose();
            throw new IOException($"{path} cannot be opened; another process may hold it: {e.Message}", e);
        }
    }

    public int Execute(string sql, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
        {
            return Prepare(sql, values).ExecuteNonQuery();
        }
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        lock (Gate)
        {
            using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
    }

    /// <summary>All that the change does, or nothing where it throws. Within another transaction it is a part of that one.</summary>
    public T InTransaction<T>(Func<T> change)
    {
        lock (Gate)
        {
            return _inTransaction ? change() : Commit(change);
        }
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private T Commit<T>(Func<T> change)
    {
        Execute("BEGIN IMMEDIATE");
        _inTransaction = true;
        try
        {
            T result = change();
            Execute("COMMIT");
            return result;
        }
        catch
        {
            Rollback();
            throw;
        }
        finally
        {
            _inTransaction = false;
        }
    }

    private void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full.
        }
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++)
            {
                command.Parameters.Add(new SqliteParameter($"${i}", null));
            }

            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }
}
