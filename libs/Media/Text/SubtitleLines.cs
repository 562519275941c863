using System.Text.RegularExpressions;

namespace Serverless.Media.Text;

/// <summary>
/// The words of a file of subtitles, WebVTT (W3C WebVTT §4) or SubRip, read as a text of its own: without numbers, times, notes and marks.
/// </summary>
internal static partial class SubtitleLines
{
    public const string WebVtt = "text/vtt";
    public const string SubRip = "application/x-subrip";

    /// <summary>Null for what is neither.</summary>
    public static string? TypeOf(string text) =>
        text.StartsWith("WEBVTT", StringComparison.Ordinal) && text.Contains("-->", StringComparison.Ordinal) ? WebVtt
        : FirstCue().IsMatch(text) ? SubRip
        : null;

    public static ExtractedText Extract(string original, ReadingSteps steps)
    {
        ExtractedTextBuilder builder = new(original, steps);
        bool isText = false;
        for (int at = 0; at < original.Length; )
        {
            TextLine line = TextLines.At(original, at);
            ReadOnlySpan<char> shown = original.AsSpan(line.Start, line.End - line.Start);
            if (Times().IsMatch(shown))
            {
                isText = true;
            }
            else if (shown.IsWhiteSpace())
            {
                isText = false; // numbers, names and notes stand between a blank line and the next times
                builder.Space(line.Start, line.Next - line.Start);
            }
            else if (isText)
            {
                AppendWithoutMarks(builder, shown, line.Start);
                builder.Space(line.End, line.Next - line.End);
            }
            steps.Take(line.Next - line.Start);
            at = line.Next;
        }
        return builder.Build();
    }

    private static void AppendWithoutMarks(ExtractedTextBuilder builder, ReadOnlySpan<char> shown, int start)
    {
        int from = 0;
        foreach (ValueMatch mark in Marks().EnumerateMatches(shown))
        {
            builder.Append(start + from, mark.Index - from);
            from = mark.Index + mark.Length;
        }
        builder.Append(start + from, shown.Length - from);
    }

    [GeneratedRegex(@"^\s*[0-9]+\r?\n[0-9]{2,}:[0-9]{2}:[0-9]{2}[,.][0-9]{3} --> [0-9]{2,}:", RegexOptions.NonBacktracking)]
    private static partial Regex FirstCue();

    [GeneratedRegex(@"^\s*([0-9]{2,}:)?[0-9]{2}:[0-9]{2}[,.][0-9]{3}\s+-->\s+[0-9]{2,}:[0-9]{2}", RegexOptions.NonBacktracking)]
    private static partial Regex Times();

    // <i>, </c>, <v Bob>, <00:01.000>, {\an8}
    [GeneratedRegex(@"</?[A-Za-z0-9][^<>]*>|</?>|\{\\[^{}]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Marks();
}
