using Serverless.Exports.Asks;
using Serverless.Exports.Rows;
using Serverless.Storage;

namespace Serverless.Exports.Files;

/// <summary>
/// The columns of what analyses say. Findings are JSON, each sort in an order of its own, so that the same findings are the same text.
/// </summary>
internal static class AssetFindings
{
    /// <summary>Of one sort; of more those that stand out.</summary>
    public const int MaxFindings = 50;

    public static IEnumerable<ExportColumn> Columns(bool isRedacted) =>
        [
            ExportColumn.OfText("analysis.version", "Of the upload, that was analysed", row => row.Facts?.Version),
            ExportColumn.OfText("analysis.kind", "text, image or video", row => row.Facts?.Kind),
            ExportColumn.OfText("analysis.media_type", "Of the upload", row => row.Facts?.MediaType),
            ExportColumn.Of("analysis.size", "Bytes of the upload", row => row.Facts?.Size),
            ExportColumn.OfText("analysis.language", "That was found", row => Sound(row.Facts?.Language)),
            ExportColumn.OfText("analysis.labels", "What is seen, as JSON, best first", row => Write(row.Facts?.Labels)),
            ExportColumn.OfText("analysis.topics", "What it is about, as JSON, best first", row => Write(row.Facts?.Topics)),
            ExportColumn.OfText("analysis.objects", "What is where, counted, as JSON", row => Write(row.Facts?.Objects)),
            ExportColumn.OfText(
                "analysis.entities",
                isRedacted ? "What is named, counted by type, as JSON" : "What is named, counted, as JSON",
                row => Write(row.Facts?.Entities, isRedacted)
            ),
            ExportColumn.OfText("analysis.models", "That analysed it", row =>
                row.Facts is { } facts ? string.Join(' ', facts.Models) : null
            ),
            ExportColumn.OfTime("analysis.time", "When it was analysed, UTC", row => row.Facts?.Analysed),
        ];

    private static string? Write(IReadOnlyList<AssetLabel>? labels) =>
        Write(
            labels
                ?.Where(label => Sound(label.Label) is not null && double.IsFinite(label.Score))
                .OrderByDescending(label => label.Score)
                .ThenBy(label => label.Label, StringComparer.Ordinal)
        );

    private static string? Write(IReadOnlyList<AssetCount>? counts) =>
        Write(
            counts
                ?.Where(count => Sound(count.Label) is not null)
                .OrderByDescending(count => count.Count)
                .ThenBy(count => count.Label, StringComparer.Ordinal)
        );

    /// <summary>
    /// Redacted, no words at all: the model that found these may call a type otherwise than the one whose types are to be masked.
    /// </summary>
    private static string? Write(IReadOnlyList<AssetEntity>? entities, bool isRedacted) =>
        Write(
            entities
                ?.Where(entity => Sound(entity.Type) is not null && (isRedacted || Sound(entity.Text) is not null))
                .GroupBy(entity => (entity.Type, Text: isRedacted ? null : entity.Text))
                .Select(same => new AssetEntity(same.Key.Type, same.Key.Text, same.Sum(entity => entity.Count)))
                .OrderByDescending(entity => entity.Count)
                .ThenBy(entity => entity.Type, StringComparer.Ordinal)
                .ThenBy(entity => entity.Text, StringComparer.Ordinal)
        );

    /// <summary>Null where nothing was found.</summary>
    private static string? Write<T>(IEnumerable<T>? findings) =>
        findings?.Take(MaxFindings).ToArray() is { Length: > 0 } some ? StoredJson.Write(some).ToString() : null;

    private static string? Sound(string? text) => text is { Length: > 0 and <= ExportLimits.MaxTextCharacters } ? text : null;
}
