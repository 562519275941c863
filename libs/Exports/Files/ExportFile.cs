using Parquet;
using Parquet.Schema;
using Serverless.Exports.Rows;

namespace Serverless.Exports.Files;

/// <summary>
/// Writes rows as Parquet. The bytes follow from the rows alone: groups end by number and size, and nothing tells the time.
/// </summary>
internal static class ExportFile
{
    private const int MaxGroupRows = 16_384;
    private const long MaxGroupBytes = 64 << 20; // of texts and vectors, about; a group is in memory as a whole
    private const int RowBytes = 512;
    private const int FactsBytes = 4_096; // of the findings of most analyses

    public static async Task WriteAsync(
        Stream file,
        IReadOnlyList<ExportColumn> columns,
        IAsyncEnumerable<JoinedRow> rows,
        CancellationToken cancellationToken
    )
    {
        ParquetOptions options = new() { CompressionMethod = CompressionMethod.Zstd };
        ParquetSchema schema = new([.. columns.Select(column => column.Field)]);
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(schema, file, options, append: false, cancellationToken);
        List<JoinedRow> group = [];
        long bytes = 0;
        await foreach (JoinedRow row in rows.WithCancellation(cancellationToken))
        {
            group.Add(row);
            bytes += RowBytes + (2L * (row.Row.Text?.Length ?? 0)) + (sizeof(float) * (row.Row.Vector?.Length ?? 0));
            bytes += row.Facts is null ? 0 : FactsBytes;
            if (group.Count == MaxGroupRows || bytes >= MaxGroupBytes)
            {
                await WriteAsync(writer, columns, group, cancellationToken);
                group.Clear();
                bytes = 0;
            }
        }
        if (group.Count > 0)
        {
            await WriteAsync(writer, columns, group, cancellationToken);
        }
    }

    private static async Task WriteAsync(
        ParquetWriter writer,
        IReadOnlyList<ExportColumn> columns,
        List<JoinedRow> rows,
        CancellationToken cancellationToken
    )
    {
        using ParquetRowGroupWriter group = writer.CreateRowGroup();
        foreach (ExportColumn column in columns)
        {
            await column.WriteAsync(group, rows, cancellationToken);
        }
        group.CompleteValidate();
    }
}
