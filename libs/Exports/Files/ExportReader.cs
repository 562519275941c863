using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Serverless.Exports.Files;

/// <summary>
/// Reads from an export what a classifier of vectors learns: the rows that have both a vector and a target, group by group.
/// </summary>
public static class ExportReader
{
    /// <exception cref="InvalidDataException">The file has no vectors or no targets.</exception>
    public static async IAsyncEnumerable<(float[] Vector, string Target)> ReadVectorsAsync(
        Stream file,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        DataField? target = Find(reader, ExportColumns.Target),
            element = Find(reader, ExportColumns.Embedding);
        if (target is null || element is null)
        {
            throw new InvalidDataException(
                $"The export has the columns {string.Join(", ", reader.Schema.Fields.Select(field => field.Name))}; needed are "
                    + $"{ExportColumns.Target} and {ExportColumns.Embedding}."
            );
        }
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            string?[] targets = new string?[group.RowCount];
            await group.ReadAsync(target, targets.AsMemory(), cancellationToken: cancellationToken);
            IReadOnlyList<float[]> vectors = await ReadVectorsAsync(group, element, cancellationToken);
            foreach ((float[] vector, string? learnt) in vectors.Zip(targets))
            {
                if (vector.Length > 0 && learnt is not null)
                {
                    yield return (vector, learnt);
                }
            }
        }
    }

    private static DataField? Find(ParquetReader reader, string column) =>
        reader.Schema.DataFields.FirstOrDefault(field => field.Path.FirstPart == column);

    /// <summary>One for each row, empty where there is none.</summary>
    private static async Task<IReadOnlyList<float[]>> ReadVectorsAsync(
        ParquetRowGroupReader group,
        DataField element,
        CancellationToken cancellationToken
    )
    {
        using RawColumnData raw = await group.ReadRawColumnDataBaseAsync(element, cancellationToken);
        RawColumnData<float> column = (RawColumnData<float>)raw;
        List<float[]> vectors = [];
        List<float> vector = [];
        int next = 0;
        for (int i = 0; i < column.RepetitionLevels.Length; i++)
        {
            if (column.RepetitionLevels[i] == 0 && i > 0)
            {
                vectors.Add([.. vector]);
                vector.Clear();
            }
            if (column.DefinitionLevels[i] == element.MaxDefinitionLevel)
            {
                vector.Add(column.Values[next++]);
            }
        }
        vectors.Add([.. vector]);
        return vectors;
    }
}
