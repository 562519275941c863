using SQLitePCL;

namespace Serverless.Local.Durable.Storage;

/// <summary>A connection with its prepared statements. Parameters are ?1, ?2, … Used by one thread at a time.</summary>
internal sealed class SqlSession : IDisposable
{
    // Long enough for another process's largest commit; SQLite waits in steps of milliseconds by itself.
    private const int BusyTimeoutMilliseconds = 30_000;

    private static readonly Lazy<bool> Native = new(() =>
    {
        Batteries_V2.Init();
        return true;
    });

    private readonly sqlite3 _connection;
    private readonly Dictionary<string, sqlite3_stmt> _statements = [];

    public SqlSession(string path)
    {
        _ = Native.Value;
        int code = raw.sqlite3_open_v2(path, out _connection, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, null);
        try
        {
            Check(code, "open");
            raw.sqlite3_busy_timeout(_connection, BusyTimeoutMilliseconds);
            ExecuteScript("PRAGMA synchronous = FULL"); // looks into the file
        }
        catch (SqliteStoreException e)
        {
            _connection.Dispose();
            throw SqliteStoreException.OfFile(path, e);
        }
    }

    /// <summary>Runs statements without parameters.</summary>
    public void ExecuteScript(string sql) => Check(raw.sqlite3_exec(_connection, sql), sql);

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<SqlValue> values)
    {
        sqlite3_stmt statement = Prepare(sql, values);
        try
        {
            Step(statement, sql);
            return raw.sqlite3_changes(_connection);
        }
        finally
        {
            Reset(statement);
        }
    }

    public List<T> Query<T>(string sql, Func<SqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        sqlite3_stmt statement = Prepare(sql, values);
        try
        {
            List<T> rows = [];
            while (Step(statement, sql))
            {
                rows.Add(read(new SqlRow(statement)));
            }

            return rows;
        }
        finally
        {
            Reset(statement);
        }
    }

    public T? Single<T>(string sql, Func<SqlRow, T> read, params ReadOnlySpan<SqlValue> values)
    {
        sqlite3_stmt statement = Prepare(sql, values);
        try
        {
            return Step(statement, sql) ? read(new SqlRow(statement)) : default;
        }
        finally
        {
            Reset(statement);
        }
    }

    public long Scalar(string sql, params ReadOnlySpan<SqlValue> values) => Single(sql, row => row.Number(0), values);

    public void Rollback()
    {
        // Fails where SQLite has rolled back by itself, as it does when the disk is full, or where nothing was begun.
        _ = raw.sqlite3_exec(_connection, "ROLLBACK");
    }

    public void Dispose()
    {
        foreach (sqlite3_stmt statement in _statements.Values)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }

    private sqlite3_stmt Prepare(string sql, ReadOnlySpan<SqlValue> values)
    {
        if (!_statements.TryGetValue(sql, out sqlite3_stmt? statement))
        {
            Check(raw.sqlite3_prepare_v2(_connection, sql, out statement), sql);
            _statements.Add(sql, statement);
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i].Bind(statement, i + 1);
        }

        return statement;
    }

    private bool Step(sqlite3_stmt statement, string sql)
    {
        int code = raw.sqlite3_step(statement);
        if (code is raw.SQLITE_ROW or raw.SQLITE_DONE)
        {
            return code == raw.SQLITE_ROW;
        }

        throw Failure(code, sql);
    }

    private static void Reset(sqlite3_stmt statement)
    {
        raw.sqlite3_reset(statement);
        raw.sqlite3_clear_bindings(statement);
    }

    private void Check(int code, string sql)
    {
        if (code != raw.SQLITE_OK)
        {
            throw Failure(code, sql);
        }
    }

    private SqliteStoreException Failure(int code, string sql) =>
        new(code, $"SQLite error {code}: {raw.sqlite3_errmsg(_connection).utf8_to_string()} in '{sql}'.");
}
