using System.Text.RegularExpressions;

namespace Serverless.Media.Text;

/// <summary>The labels that a document defines targets for. Letter case and the kind of white space do not count (CommonMark 0.31.2
/// §4.7, §6.3).</summary>
internal sealed partial class MarkdownLabels
{
    private const int LongestLabel = 999;

    private readonly HashSet<string> _labels = new(StringComparer.OrdinalIgnoreCase);

    public static MarkdownLabels Of(string original, ReadingSteps steps)
    {
        var labels = new MarkdownLabels();
        for (int at = 0; at < original.Length; )
        {
            TextLine line = TextLines.At(original, at);
            steps.Take(line.Next - at);
            ReadOnlySpan<char> content = original.AsSpan(at, line.End - at).Trim(" \t>");
            if (MarkdownLines.LabelOf(content, out _) is { Length: <= LongestLabel } label)
            {
                labels._labels.Add(Normalise(label));
            }
            at = line.Next;
        }
        return labels;
    }

    public bool Contain(ReadOnlySpan<char> label) =>
        _labels.Count > 0 && label.Length <= LongestLabel && _labels.Contains(Normalise(label.ToString()));

    private static string Normalise(string label) => Space().Replace(label.Trim(), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
