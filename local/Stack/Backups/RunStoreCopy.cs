using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Serverless.Local.Stack.Backups;

/// <summary>Copies the run store as of one moment by SQLite's online backup, while hosts go on writing it.</summary>
internal static class RunStoreCopy
{
    /// <exception cref="StackException">It cannot be read, or is damaged.</exception>
    public static void Write(string database, string copy)
    {
        Batteries_V2.Init();
        try
        {
            using SqliteConnection source = Open(database, SqliteOpenMode.ReadWrite);
            using SqliteConnection target = Open(copy, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(target);
            // One file, which needs no other beside it.
            Ask(target, "PRAGMA journal_mode = DELETE");
            string found = Ask(target, "PRAGMA quick_check");
            if (found != "ok")
            {
                throw new StackException($"The run store {database} is damaged: {found}");
            }
        }
        catch (SqliteException e)
        {
            throw new StackException($"The run store {database} cannot be copied: {e.Message}");
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SqliteConnection connection = new(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        return connection;
    }

    private static string Ask(SqliteConnection connection, string pragma)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = pragma;
        return $"{command.ExecuteScalar()}";
    }
}
