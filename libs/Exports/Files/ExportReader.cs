using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Serverless.Exports.Files;

/// <param name="Id">Of the prediction.</param>
/// <param name="Asset">The upload that it is of; null where a caller sent it.</param>
/// <param name="Source">"api" or "upload".</param>
/// <param name="Language">Null where nobody said it.</param>
/// <param name="Target">What was reported as right.</param>
public sealed record ExportedText(string Id, string? Asset, string? Source, string? Language, string Text, string Target);

/// <summary>
/// Reads from an export what a classifier of vectors learns: the rows that have both a vector and a target, group by group.
/// </summary>
public static class ExportReader
{
    private const string TextKind = "text"; // of the inputs that captures know

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

    /// <summary>
    /// Rows that have both a text and a target, and are of texts: of pairs the text is a query, and the label one of its documents.
    /// </summary>
    public static async IAsyncEnumerable<ExportedText> ReadTextsAsync(
        Stream file,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            string?[] ids = await ReadAsync(ExportColumns.Id),
                assets = await ReadAsync(ExportColumns.Asset),
                sources = await ReadAsync(ExportColumns.Source),
                kinds = await ReadAsync(ExportColumns.Kind),
                languages = await ReadAsync(ExportColumns.Language),
                texts = await ReadAsync(ExportColumns.Text),
                targets = await ReadAsync(ExportColumns.Target);
            for (int row = 0; row < ids.Length; row++)
            {
                if (
                    ids[row] is { } id
                    && kinds[row] == TextKind
                    && texts[row] is { Length: > 0 } text
                    && targets[row] is { Length: > 0 } target
                )
                {
                    yield return new ExportedText(id, Said(assets[row]), Said(sources[row]), Said(languages[row]), text, target);
                }
            }

            async Task<string?[]> ReadAsync(string column)
            {
                DataField field = Find(reader, column) ?? throw new InvalidDataException($"The export has no column {column}.");
                string?[] values = new string?[group.RowCount];
                await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancellationToken);
                return values;
            }
        }
    }

    /// <summary>An empty text says nothing.</summary>
    private static string? Said(string? text) => string.IsNullOrEmpty(text) ? null : text;

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
