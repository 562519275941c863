using SQLitePCL;

namespace Serverless.Local.Durable.Storage;

/// <summary>A parameter of a statement: text, an integer or null. A time is stored as UTC ticks.</summary>
internal readonly struct SqlValue
{
    private readonly string? _text;
    private readonly long _number;
    private readonly bool _isNumber;

    private SqlValue(long number)
    {
        _number = number;
        _isNumber = true;
    }

    private SqlValue(string? text) => _text = text;

    public static implicit operator SqlValue(string? text) => new(text);

    public static implicit operator SqlValue(long number) => new(number);

    public static implicit operator SqlValue(long? number) => number is { } value ? new SqlValue(value) : default;

    public static implicit operator SqlValue(DateTime? time) => time is { } value ? new SqlValue(value.ToUniversalTime().Ticks) : default;

    public static implicit operator SqlValue(bool flag) => new(flag ? 1 : 0);

    public void Bind(sqlite3_stmt statement, int index)
    {
        if (_isNumber)
        {
            raw.sqlite3_bind_int64(statement, index, _number);
        }
        else if (_text is not null)
        {
            raw.sqlite3_bind_text(statement, index, _text);
        }
        else
        {
            raw.sqlite3_bind_null(statement, index);
        }
    }
}
