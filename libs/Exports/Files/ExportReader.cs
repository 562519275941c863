using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace Serverless.Exports.Files;

/// <summary>A row from which people could judge: a text, an uploaded picture or a keyframe of an uploaded film, and its label.</summary>
/// <param name="Id">Of the prediction.</param>
/// <param name="Asset">The upload that it is of; null where a caller sent it.</param>
/// <param name="AssetVersion">Null where the export does not say which it was.</param>
/// <param name="Source">"api" or "upload".</param>
/// <param name="Language">Null where nobody said it.</param>
/// <param name="Text">Null of a picture and a keyframe.</param>
/// <param name="Label">What was reported as right, or answered.</param>
/// <param name="Reported">Whether it was reported.</param>
/// <param name="Moment">Of a keyframe, its place in the film in seconds; null where the export does not say which it was.</param>
public sealed record ExportedExample(
    string Id,
    string? Asset,
    string? AssetVersion,
    string? Source,
    string? Language,
    string? Text,
    string Label,
    bool Reported,
    bool IsKeyframe = false,
    double? Moment = null
);

/// <summary>
/// Reads from an export what a classifier of vectors learns, and what people can judge a version by, group by group.
/// </summary>
public static class ExportReader
{
    private const string TextKind = "text"; // of the inputs that captures know
    private const string PictureKind = "image";
    private const string KeyframeKind = "video";

    private static readonly string[] ExampleColumns =
    [
        ExportColumns.Id,
        ExportColumns.Asset,
        ExportColumns.AssetVersion,
        ExportColumns.Source,
        ExportColumns.Kind,
        ExportColumns.Language,
        ExportColumns.Text,
        ExportColumns.Label,
        ExportColumns.Target,
    ];

    /// <summary>The rows that have both a vector and a target.</summary>
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
    /// Rows of texts that have their text, of uploaded pictures and of keyframes of uploaded films, with a label: of pairs the text is a
    /// query, and the label one of its documents.
    /// </summary>
    /// <param name="suggest">What was answered is the label of rows of which nobody reported one; else these are passed over.</param>
    public static async IAsyncEnumerable<ExportedExample> ReadExamplesAsync(
        Stream file,
        bool suggest,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        for (int i = 0; i < reader.RowGroupCount; i++)
        {
            using ParquetRowGroupReader group = reader.OpenRowGroupReader(i);
            Dictionary<string, string?[]> columns = [];
            foreach (string column in ExampleColumns)
            {
                columns[column] = await ReadTextsAsync(reader, group, column, cancellationToken);
            }
            double?[] moments = await ReadMomentsAsync(reader, group, cancellationToken);
            for (int row = 0; row < group.RowCount; row++)
            {
                int at = row;
                if (ExampleOf(column => Said(columns[column][at]), moments[at], suggest) is { } example)
                {
                    yield return example;
                }
            }
        }
    }

    private static ExportedExample? ExampleOf(Func<string, string?> read, double? moment, bool suggest)
    {
        string? text = read(ExportColumns.Text),
            asset = read(ExportColumns.Asset),
            target = read(ExportColumns.Target),
            label = target ?? (suggest ? read(ExportColumns.Label) : null);
        bool isKeyframe = read(ExportColumns.Kind) == KeyframeKind && asset is not null,
            isPicture = isKeyframe || (read(ExportColumns.Kind) == PictureKind && asset is not null);
        return
            (isPicture || (read(ExportColumns.Kind) == TextKind && text is not null))
            && read(ExportColumns.Id) is { } id
            && label is not null
            ? new ExportedExample(
                id,
                asset,
                read(ExportColumns.AssetVersion),
                read(ExportColumns.Source),
                read(ExportColumns.Language),
                isPicture ? null : text,
                label,
                target is not null,
                isKeyframe,
                isKeyframe ? moment : null
            )
            : null;
    }

    /// <exception cref="InvalidDataException">The file has no such column.</exception>
    private static async Task<string?[]> ReadTextsAsync(
        ParquetReader reader,
        ParquetRowGroupReader group,
        string column,
        CancellationToken cancellationToken
    )
    {
        string?[] values = new string?[group.RowCount];
        if (Find(reader, column) is { } field)
        {
            await group.ReadAsync(field, values.AsMemory(), cancellationToken: cancellationToken);
        }
        else if (column != ExportColumns.AssetVersion) // of before it was written
        {
            throw new InvalidDataException($"The export has no column {column}.");
        }
        return values;
    }

    /// <summary>None in an export of before moments were written.</summary>
    private static async Task<double?[]> ReadMomentsAsync(
        ParquetReader reader,
        ParquetRowGroupReader group,
        CancellationToken cancellationToken
    )
    {
        double?[] values = new double?[group.RowCount];
        if (Find(reader, ExportColumns.Moment) is { } field)
        {
            await group.ReadAsync<double>(field, values.AsMemory(), cancellationToken: cancellationToken);
        }
        return values;
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
