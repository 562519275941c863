using Parquet;
using Parquet.Schema;
using Serverless.Exports.Rows;

namespace Serverless.Exports.Files;

/// <summary>A column: how it is called, what it holds, and how a group of rows is written into it.</summary>
internal sealed class ExportColumn
{
    private readonly Func<ParquetRowGroupWriter, IReadOnlyList<JoinedRow>, CancellationToken, Task> _write;

    private ExportColumn(
        Field field,
        string type,
        string meaning,
        Func<ParquetRowGroupWriter, IReadOnlyList<JoinedRow>, CancellationToken, Task> write
    ) => (Field, Type, Meaning, _write) = (field, type, meaning, write);

    public Field Field { get; }

    public string Type { get; }

    public string Meaning { get; }

    public Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<JoinedRow> rows, CancellationToken cancellationToken) =>
        _write(group, rows, cancellationToken);

    public static ExportColumn OfText(string name, string meaning, Func<JoinedRow, string?> value)
    {
        DataField field = new(name, typeof(string), isNullable: true);
        return new ExportColumn(field, "string", meaning, (group, rows, _) =>
            group.WriteAsync(field, [.. rows.Select(row => value(row)!)])
        );
    }

    public static ExportColumn Of<T>(string name, string meaning, Func<JoinedRow, T?> value)
        where T : struct => Of(new DataField(name, typeof(T), isNullable: true), typeof(T).Name.ToLowerInvariant(), meaning, value);

    /// <summary>In microseconds of UTC; the library's own choice, INT96, is deprecated.</summary>
    public static ExportColumn OfTime(string name, string meaning, Func<JoinedRow, DateTimeOffset?> value)
    {
        DateTimeDataField field = new(name, DateTimeFormat.Timestamp, unit: DateTimeTimeUnit.Micros, isNullable: true);
        return Of<DateTime>(field, "timestamp", meaning, row => value(row)?.UtcDateTime);
    }

    /// <summary>Levels as Parquet writes lists (github.com/apache/parquet-format, LogicalTypes.md, "Lists").</summary>
    public static ExportColumn OfVector(string name, string meaning, Func<JoinedRow, float[]?> value)
    {
        DataField element = new("element", typeof(float), isNullable: false);
        ListField list = new(name, element);
        return new ExportColumn(list, "list<float>", meaning, (group, rows, token) =>
        {
            List<int> definitions = [],
                repetitions = [];
            foreach (JoinedRow row in rows)
            {
                int values = value(row)?.Length ?? 0;
                definitions.AddRange(Enumerable.Repeat(values == 0 ? 0 : element.MaxDefinitionLevel, Math.Max(values, 1)));
                repetitions.Add(0);
                repetitions.AddRange(Enumerable.Repeat(1, Math.Max(values - 1, 0)));
            }
            return group.WriteAllPartsAsync<float>(
                element,
                rows.SelectMany(row => value(row) ?? []).ToArray(),
                definitions.ToArray(),
                repetitions.ToArray(),
                token
            );
        });
    }

    private static ExportColumn Of<T>(DataField field, string type, string meaning, Func<JoinedRow, T?> value)
        where T : struct =>
        new(field, type, meaning, (group, rows, token) => group.WriteAsync<T>(field, rows.Select(value).ToArray(), null, null, token));
}
