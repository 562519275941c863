namespace Serverless.Media.Text;

/// <summary>Plain text: a blank line ends a paragraph; a full line that was wrapped by hand continues in the next.</summary>
internal static class PlainText
{
    // Mail and typewriter habits wrap at 60 to 80 columns; shorter lines are titles, list items or verses.
    private const int WrappedLine = 45;

    public static ExtractedText Extract(string original, ReadingSteps steps)
    {
        var builder = new ExtractedTextBuilder(original, steps);
        for (int at = 0; at < original.Length; )
        {
            TextLine line = TextLines.At(original, at);
            builder.Append(at, line.End - at);
            if (line.End < original.Length)
            {
                if (Continues(original, line, steps))
                {
                    builder.Space(line.End, line.Next - line.End);
                }
                else
                {
                    builder.Break(line.End);
                }
            }
            at = line.Next;
        }

        return builder.Build();
    }

    private static bool Continues(string original, TextLine line, ReadingSteps steps)
    {
        if (line.End - line.Start < WrappedLine || original[line.End] == '\u2029')
        {
            return false;
        }

        int at = line.Next;
        while (at < original.Length && char.IsWhiteSpace(original[at]) && !TextLines.Ends.Contains(original[at]))
        {
            at++;
        }
        steps.Take(at - line.Next);
        return at < original.Length
            && (
                char.IsLetterOrDigit(original[at])
                || char.IsSurrogate(original[at])
                || original[at] is '"' or '\'' or '(' or '“' or '‘' or '«' or '„'
            );
    }
}
