namespace Serverless.Media.Text;

/// <summary>A tag, comment or declaration; the latter two have no name.</summary>
internal readonly record struct HtmlTag(string Name, bool IsOpening, int End);

/// <summary>Finds tags as the HTML tokenizer does (WHATWG HTML §13.2.5), without building a tree.</summary>
internal sealed class HtmlTags(string html, ReadingSteps steps)
{
    // An element that is never closed is not skipped; remembering that keeps the search linear.
    private readonly HashSet<string> _neverClosed = [];

    /// <summary>Where the next tag opens, or the end of the text.</summary>
    public int NextTag(int at)
    {
        while (true)
        {
            int found = steps.IndexOf(html, '<', at, html.Length);
            if (found < 0 || found + 1 >= html.Length)
            {
                return html.Length;
            }
            if (char.IsAsciiLetter(html[found + 1]) || html[found + 1] is '/' or '!' or '?')
            {
                return found;
            }
            at = found + 1;
        }
    }

    public HtmlTag Read(int start)
    {
        char kind = html[start + 1];
        if (kind is '!' or '?')
        {
            bool comment = string.CompareOrdinal(html, start, "<!--", 0, 4) == 0;
            int close = comment ? steps.IndexOf(html, "-->", start + 4, html.Length) : steps.IndexOf(html, '>', start, html.Length);
            return new HtmlTag("", false, close < 0 ? html.Length : close + (comment ? 3 : 1));
        }

        int nameStart = kind == '/' ? start + 2 : start + 1;
        int at = nameStart;
        while (at < html.Length && at - nameStart < 32 && (char.IsAsciiLetterOrDigit(html[at]) || html[at] is '-' or ':'))
        {
            at++;
        }
        string name = html[nameStart..at].ToLowerInvariant();
        int end = SkipAttributes(at);
        bool selfClosed = end >= 2 && html[end - 2] == '/' && html[end - 1] == '>';
        return new HtmlTag(name, kind != '/' && !selfClosed, end);
    }

    /// <summary>Where the text goes on after an element whose content is not wanted.</summary>
    public int SkipElement(HtmlTag opening, bool nested)
    {
        if (_neverClosed.Contains(opening.Name))
        {
            return opening.End;
        }

        int depth = 1,
            at = opening.End;
        while ((at = FindTag(opening.Name, at, out bool closing)) >= 0)
        {
            int end = SkipAttributes(at);
            if (closing)
            {
                depth--;
            }
            else if (nested)
            {
                depth++;
            }
            if (depth == 0)
            {
                return end;
            }
            at = end;
        }

        _neverClosed.Add(opening.Name);
        return opening.End;
    }

    // A '>' inside a quoted attribute value does not end the tag.
    private int SkipAttributes(int at)
    {
        char previous = '\0';
        for (; at < html.Length; at++)
        {
            steps.Take(1);
            char c = html[at];
            if (c == '>')
            {
                return at + 1;
            }
            if (c is '"' or '\'' && previous == '=')
            {
                // An unclosed quote is taken as a character. Only the last quote of a page can be one, so the search stays linear.
                int close = steps.IndexOf(html, c, at + 1, html.Length);
                at = close < 0 ? at : close;
            }

            if (!char.IsWhiteSpace(c))
            {
                previous = c;
            }
        }

        return html.Length;
    }

    private int FindTag(string name, int at, out bool closing)
    {
        closing = false;
        while (true)
        {
            at = steps.IndexOf(html, '<', at, html.Length);
            if (at < 0)
            {
                return -1;
            }
            closing = at + 1 < html.Length && html[at + 1] == '/';
            int nameStart = at + (closing ? 2 : 1);
            int nameEnd = nameStart + name.Length;
            if (
                nameEnd < html.Length
                && string.Compare(html, nameStart, name, 0, name.Length, StringComparison.OrdinalIgnoreCase) == 0
                && (char.IsWhiteSpace(html[nameEnd]) || html[nameEnd] is '>' or '/')
            )
            {
                return nameEnd;
            }
            at++;
        }
    }
}
