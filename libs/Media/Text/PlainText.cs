namespace Serverless.Media.Text;

/// <summary>Plain text: a blank line ends a paragraph; a full line that was wrapped by hand continues in the next.</summary>
internal static class PlainText
{
    // Mail and typewriter habits wrap at 60 to 80 columns; shorter lines are titles, list items or verses.
    private const int WrappedLine = 45;

    public static ExtractedText Extract(string original)
    {
        var builder = new ExtractedTextBuilder(original);
        int at = 0;
        while (at < original.Length)
        {
            int end = original.AsSpan(at).IndexOfAny('\n', '\r');
            int next = end < 0 ? original.Length : at + end;
            builder.Append(at, next - at);
            if (next == original.Length)
            {
                break;
            }

            int newline = original[next] == '\r' && next + 1 < original.Length && original[next + 1] == '\n' ? 2 : 1;
            if (Continues(original, at, next, next + newline))
            {
                builder.Space(next, newline);
            }
            else
            {
                builder.Break(next);
            }
            at = next + newline;
        }

        return builder.Build();
    }

    private static bool Continues(string original, int start, int end, int next)
    {
        if (end - start < WrappedLine || next >= original.Length)
        {
            return false;
        }

        ReadOnlySpan<char> following = original.AsSpan(next);
        int lineEnd = following.IndexOfAny('\n', '\r');
        if (lineEnd >= 0)
        {
            following = following[..lineEnd];
        }
        following = following.TrimStart();
        return !following.IsEmpty
            && (
                char.IsLetterOrDigit(following[0])
                || char.IsSurrogate(following[0])
                || following[0] is '"' or '\'' or '(' or '“' or '‘' or '«' or '„'
            );
    }
}
