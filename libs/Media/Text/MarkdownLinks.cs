namespace Serverless.Media.Text;

/// <summary>
/// Decides what brackets are links, and where those end: [text](target "title"), [text][label], [label][] and [label] (CommonMark 0.31.2
/// §6.3). A search that fails has met the end of the paragraph, white space or another bracket, so that few searches pass the same
/// character.
/// </summary>
internal sealed class MarkdownLinks(string original, MarkdownLabels labels, ReadingSteps steps)
{
    // As many searches as there may be parentheses open in a target can pass one character; browsers' addresses need one or two.
    private const int MaxParentheses = 8;

    /// <summary>Where the link with a text ends; zero where the text is no link.</summary>
    /// <param name="isPlain">The text has no brackets inside, so that it may be a label itself.</param>
    public int EndOf(TextRange text, int end, bool isPlain)
    {
        int at = text.End + 1;
        char next = at < end ? original[at] : '\0';
        if (next == '(' && EndOfTarget(at + 1, end) is > 0 and int targetEnd)
        {
            return targetEnd;
        }
        bool isLabel = isPlain && Defines(text);
        if (next != '[' || EndOfLabel(at + 1, end) is not (> 0 and int labelEnd))
        {
            return isLabel ? at : 0;
        }
        var label = new TextRange(at + 1, labelEnd - at - 2);
        bool isReference = original.AsSpan(label.Start, label.Length).IsWhiteSpace() ? isLabel : Defines(label);
        return isReference ? labelEnd
            : isLabel ? at
            : 0;
    }

    private bool Defines(TextRange label)
    {
        steps.Take(label.Length);
        return labels.Contain(original.AsSpan(label.Start, label.Length));
    }

    private int EndOfLabel(int at, int end)
    {
        while (at < end && original[at] is not ('[' or ']'))
        {
            at = Next(at);
        }
        return at < end && original[at] == ']' ? at + 1 : 0;
    }

    private int EndOfTarget(int at, int end)
    {
        int address = SkipSpace(at, end);
        int addressEnd = address < end && original[address] == '<' ? EndOfBracketed(address + 1, end) : EndOfAddress(address, end);
        int title = SkipSpace(addressEnd, end);
        int last = title > addressEnd && title < end ? SkipSpace(EndOfTitle(title, end), end) : title;
        return last < end && original[last] == ')' ? last + 1 : 0;
    }

    private int EndOfBracketed(int at, int end)
    {
        while (at < end && original[at] is not ('<' or '>' or '\n'))
        {
            at = Next(at);
        }
        return at < end && original[at] == '>' ? at + 1 : end;
    }

    private int EndOfAddress(int at, int end)
    {
        for (int depth = 0; at < end && original[at] > ' '; at = Next(at))
        {
            depth += original[at] switch
            {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            if (depth is < 0 or > MaxParentheses)
            {
                break;
            }
        }
        return Math.Min(at, end);
    }

    /// <summary>The place itself where no title starts.</summary>
    private int EndOfTitle(int at, int end)
    {
        char open = original[at];
        if (open is not ('"' or '\'' or '('))
        {
            return at;
        }
        char close = open == '(' ? ')' : open;
        for (at++; at < end && original[at] != close; at = Next(at))
        {
            if (original[at] == '(' && open == '(')
            {
                return end;
            }
        }
        return Math.Min(at + 1, end);
    }

    private int SkipSpace(int at, int end)
    {
        while (at < end && char.IsWhiteSpace(original[at]))
        {
            at = Next(at);
        }
        return Math.Min(at, end);
    }

    // An escaped mark is passed together with its backslash.
    private int Next(int at)
    {
        steps.Take(1);
        return original[at] == '\\' ? at + 2 : at + 1;
    }
}
