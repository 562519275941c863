namespace Serverless.Media.Text;

/// <summary>The marks of blocks at the start of a line: quotations, list items with task boxes, and a heading, in any order.</summary>
/// <param name="End">Where the content of the line starts.</param>
internal readonly record struct MarkdownPrefix(int End, bool IsQuoted, bool IsItem, bool IsHeading)
{
    /// <param name="numbered">Whether an item of a numbered list may start here. Within a paragraph only 1 may, since a number that wraps
    /// to the start of a line belongs to the text (CommonMark 0.31.2 §5.2).</param>
    public static MarkdownPrefix Of(string text, int at, int end, bool numbered)
    {
        var prefix = new MarkdownPrefix(at, false, false, false);
        while (!prefix.IsHeading)
        {
            at = SkipSpace(text, at, end);
            char mark = at < end ? text[at] : '\0';
            int next = mark switch
            {
                '>' => at + 1,
                '-' or '+' or '*' => AfterMark(text, at + 1, end),
                '#' => AfterHashes(text, at, end),
                '[' when prefix.IsItem => AfterBox(text, at, end),
                >= '0' and <= '9' => AfterNumber(text, at, end, numbered || prefix.IsItem),
                _ => 0,
            };
            if (next == 0)
            {
                break;
            }
            prefix = prefix with
            {
                IsQuoted = prefix.IsQuoted || mark == '>',
                IsItem = prefix.IsItem || mark is not ('>' or '#'),
                IsHeading = mark == '#',
            };
            at = next;
        }
        return prefix with { End = SkipSpace(text, at, end) };
    }

    public static int SkipSpace(string text, int at, int end)
    {
        while (at < end && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
        return at;
    }

    // A mark counts only before a space or the end of the line.
    private static int AfterMark(string text, int next, int end) =>
        next >= end ? end
        : char.IsWhiteSpace(text[next]) ? next
        : 0;

    private static int AfterHashes(string text, int at, int end)
    {
        int next = at;
        while (next < end && next - at < 7 && text[next] == '#')
        {
            next++;
        }
        return next - at < 7 ? AfterMark(text, next, end) : 0;
    }

    private static int AfterBox(string text, int at, int end) =>
        at + 3 < end && text[at + 1] is ' ' or 'x' or 'X' && text[at + 2] == ']' ? AfterMark(text, at + 3, end) : 0;

    private static int AfterNumber(string text, int at, int end, bool any)
    {
        int next = at;
        while (next < end && next - at < 9 && char.IsAsciiDigit(text[next]))
        {
            next++;
        }
        bool isOne = next == at + 1 && text[at] == '1';
        return next < end && text[next] is '.' or ')' && (any || isOne) ? AfterMark(text, next + 1, end) : 0;
    }
}
