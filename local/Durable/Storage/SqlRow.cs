using SQLitePCL;

namespace Serverless.Local.Durable.Storage;

/// <summary>The current row of a statement; valid only inside the function that reads it.</summary>
internal readonly struct SqlRow(sqlite3_stmt statement)
{
    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    public long Number(int column) => raw.sqlite3_column_int64(statement, column);

    public int Integer(int column) => (int)Number(column);

    public DateTime Time(int column) => new(Number(column), DateTimeKind.Utc);

    public DateTime? TimeOrNull(int column) => IsNull(column) ? null : Time(column);
}
