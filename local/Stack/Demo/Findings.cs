using System.Globalization;
using Serverless.Ingest.Documents;

namespace Serverless.Local.Stack.Demo;

/// <summary>One line that says what an analysis found.</summary>
internal static class Findings
{
    public static string Describe(AnalysisDocument analysis) =>
        analysis switch
        {
            { Text: { } text } => Describe(text),
            { Image: { } image } => $"{image.Width}×{image.Height}: {Labels(image.Labels, 2)}",
            { Video: { } video } => $"{Number(video.DurationSeconds)} s, {Count(video.Shots.Count, "shot")}: "
                + $"{string.Join(", ", video.Shots.Select(shot => Labels(shot.Labels, 1)))}",
            _ => "",
        };

    private static string Describe(TextFindings text)
    {
        IEnumerable<string> entities = text
            .Entities.GroupBy(entity => entity.Text)
            .OrderByDescending(group => group.Count())
            .ThenByDescending(group => group.Max(entity => entity.Score))
            .Take(3)
            .Select(group => $"{group.Key} ({group.First().Type})");
        return $"{Count(text.Words, "word")}, {Count(text.Passages.Count, "passage")}: {string.Join(", ", entities)}";
    }

    /// <summary>The best, and what follows it as far as it has a chance.</summary>
    private static string Labels(IReadOnlyList<LabelFinding> labels, int count) =>
        string.Join(
            ", ",
            labels
                .Take(count)
                .Where((label, rank) => rank == 0 || label.Score >= 0.01)
                .Select(label => $"{label.Label} {label.Score.ToString("0.00", CultureInfo.InvariantCulture)}")
        );

    private static string Count(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
