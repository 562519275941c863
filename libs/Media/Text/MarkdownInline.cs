namespace Serverless.Media.Text;

/// <summary>Writes a line of Markdown without its inline marks.</summary>
internal sealed class MarkdownInline(ExtractedTextBuilder builder, string original)
{
    private const string Escapable = "\\`*_{}[]()#+-.!|~<>\"'";

    public void Append(int start, int end, bool tableRow)
    {
        int from = start;
        for (int at = start; at < end; )
        {
            int skip = MarkLength(at, end, tableRow, out int textStart, out int textEnd);
            if (skip == 0)
            {
                at++;
                continue;
            }

            HtmlCharacters.Append(builder, original, from, at);
            if (tableRow && original[at] == '|')
            {
                builder.Space(at, 1);
            }
            if (textEnd > textStart)
            {
                if (original[at] == '`' || original[at] == '\\')
                {
                    builder.Append(textStart, textEnd - textStart); // as it stands
                }
                else
                {
                    Append(textStart, textEnd, tableRow: false);
                }
            }

            at += skip;
            from = at;
        }

        HtmlCharacters.Append(builder, original, from, end);
    }

    /// <summary>Length of the mark at a place, zero if there is none, and the text inside it that stays.</summary>
    private int MarkLength(int at, int end, bool tableRow, out int textStart, out int textEnd)
    {
        textStart = textEnd = at;
        switch (original[at])
        {
            case '\\' when at + 1 < end && Escapable.Contains(original[at + 1]):
                textStart = at + 1;
                textEnd = at + 2;
                return 2;
            case '`':
                return Code(at, end, out textStart, out textEnd);
            case '!' when at + 1 < end && original[at + 1] == '[':
                return Link(at + 1, end, out textStart, out textEnd) is > 0 and int length ? length + 1 : 0;
            case '[':
                return Link(at, end, out textStart, out textEnd);
            case '<':
                return Tag(at, end, out textStart, out textEnd);
            case '*' or '_' or '~':
                return Emphasis(at, end);
            case '|' when tableRow:
                return 1;
            default:
                return 0;
        }
    }

    private int Code(int at, int end, out int textStart, out int textEnd)
    {
        int ticks = Run(at, end);
        textStart = at + ticks;
        textEnd = original.IndexOf(new string('`', ticks), textStart, end - textStart, StringComparison.Ordinal);
        if (textEnd >= 0)
        {
            return textEnd + ticks - at;
        }
        textEnd = textStart;
        return 0;
    }

    // [text](target "title") and [text][reference]; brackets may nest in the text.
    private int Link(int at, int end, out int textStart, out int textEnd)
    {
        textStart = textEnd = at + 1;
        int close = Matching(at, end, '[', ']');
        if (close < 0 || close + 1 >= end)
        {
            return 0;
        }

        char open = original[close + 1];
        if (open is not ('(' or '['))
        {
            return 0;
        }
        int targetEnd = Matching(close + 1, end, open, open == '(' ? ')' : ']');
        if (targetEnd < 0)
        {
            return 0;
        }
        textEnd = close;
        return targetEnd + 1 - at;
    }

    // An autolink keeps its address; a tag of inline HTML goes.
    private int Tag(int at, int end, out int textStart, out int textEnd)
    {
        textStart = textEnd = at + 1;
        int close = original.IndexOf('>', at, end - at);
        if (close < 0 || close == at + 1 || !(char.IsAsciiLetter(original[at + 1]) || original[at + 1] is '/' or '!'))
        {
            return 0;
        }
        ReadOnlySpan<char> inside = original.AsSpan(at + 1, close - at - 1);
        if (!inside.ContainsAny(' ', '\t') && (inside.Contains(':') || inside.Contains('@')))
        {
            textEnd = close;
        }
        return close + 1 - at;
    }

    // Runs of marks count only where they touch a word on one side; an underscore inside a word is a letter.
    private int Emphasis(int at, int end)
    {
        int run = Run(at, end);
        char mark = original[at];
        if (mark == '~' && run != 2)
        {
            return 0;
        }
        if (run > 3)
        {
            return 0;
        }

        bool before = at > 0 && !char.IsWhiteSpace(original[at - 1]);
        bool after = at + run < end && !char.IsWhiteSpace(original[at + run]);
        if (!before && !after)
        {
            return 0;
        }
        bool insideWord = before && after && char.IsLetterOrDigit(original[at - 1]) && char.IsLetterOrDigit(original[at + run]);
        return insideWord && (mark == '_' || (mark == '*' && char.IsDigit(original[at - 1]))) ? 0 : run;
    }

    private int Run(int at, int end)
    {
        int length = 1;
        while (at + length < end && original[at + length] == original[at])
        {
            length++;
        }
        return length;
    }

    private int Matching(int at, int end, char open, char close)
    {
        const int Longest = 2_000; // keeps lines full of brackets linear
        int depth = 0;
        for (int i = at; i < Math.Min(end, at + Longest); i++)
        {
            if (original[i] == '\\')
            {
                i++;
            }
            else if (original[i] == open)
            {
                depth++;
            }
            else if (original[i] == close && --depth == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
