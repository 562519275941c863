using Microsoft.Data.Sqlite;

namespace Serverless.Embedded.Runtime.Durable.Storage;

/// <summary>A connection with its prepared statements. Parameters are $1, $2, … Used by one thread at a time.</summary>
internal sealed class SqlSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    public SqlSession(string path)
    {
        SqliteNative.Load();
        SqliteConnectionStringBuilder settings = new() { DataSource = path, Pooling = false, DefaultTimeout = 30 };
        _connection = new SqliteConnection(settings.ToString());
        _connection.Open();
    }

    public int Execute(string sql, params ReadOnlySpan<object?> values) => Prepare(sql, values).ExecuteNonQuery();

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public T? Single<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteDataReader reader = Prepare(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    public long Scalar(string sql, params ReadOnlySpan<object?> values) => Single(sql, reader => reader.GetInt64(0), values);

    /// <summary>All that the change does, or nothing where it throws.</summary>
    public T InTransaction<T>(Func<T> change)
    {
        Execute("BEGIN IMMEDIATE");
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
    }

    public void Rollback()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does when the disk is full, or no transaction was begun.
        }
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            for (int i = 1; i <= values.Length; i++)
                command.Parameters.Add(new SqliteParameter($"${i}", null));
            _commands.Add(sql, command);
        }

        for (int i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }
}

internal static class SqliteDataReaderExtensions
{
    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static int? Integer(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    public static DateTime Time(this SqliteDataReader reader, int column) => new(reader.GetInt64(column), DateTimeKind.Utc);
}
