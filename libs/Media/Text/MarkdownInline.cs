using System.Buffers;
using System.Runtime.InteropServices;

namespace Serverless.Media.Text;

/// <summary>
/// Writes a paragraph of Markdown without its inline marks (CommonMark 0.31.2 §6). One pass finds the marks, another writes what stands
/// between them; no search is repeated from a later place once it has failed.
/// </summary>
internal sealed class MarkdownInline
{
    // Bounds the memory that marks take; those of a longer paragraph are paired within parts of this length.
    private const int LongestPart = 1 << 16;

    private const string Escapable = "\\`*_{}[]()#+-.!|~<>\"'&";

    private static readonly SearchValues<char> Special = SearchValues.Create("\\`![]<*_~|\n\r\u000B\f\u0085\u2028\u2029");

    private readonly ExtractedTextBuilder _builder;
    private readonly string _original;
    private readonly ReadingSteps _steps;
    private readonly List<MarkdownMark> _marks = [];
    private readonly Stack<int> _brackets = []; // marks of brackets that are not closed yet
    private readonly Dictionary<int, int> _lastTicks = []; // length of a run of ticks → its last place in the part
    private readonly MarkdownDelimiters _delimiters;
    private readonly MarkdownLinks _links;
    private int _lastBracket;
    private bool _commentsEnd;

    public MarkdownInline(ExtractedTextBuilder builder, string original, MarkdownLabels labels, ReadingSteps steps)
    {
        (_builder, _original, _steps) = (builder, original, steps);
        _delimiters = new MarkdownDelimiters(original, _marks);
        _links = new MarkdownLinks(original, labels, steps);
    }

    public void Append(int start, int end, bool tableRow)
    {
        for (int next; start < end; start = next)
        {
            next = Math.Min(end, start + LongestPart);
            Find(start, next, tableRow);
            Write(start, next);
        }
    }

    private void Find(int start, int end, bool tableRow)
    {
        _marks.Clear();
        _brackets.Clear();
        _delimiters.Clear();
        _commentsEnd = true;
        FindTicks(start, end);
        for (int at = start; at < end; )
        {
            int plain = _original.AsSpan(at, end - at).IndexOfAny(Special);
            _steps.Take(plain < 0 ? end - at : plain + 1);
            if (plain < 0)
            {
                return;
            }
            at += plain;
            at = Math.Min(end, Math.Max(at + 1, Mark(at, end, tableRow)));
        }
    }

    /// <summary>Notes what starts at a place and says where the search goes on.</summary>
    private int Mark(int at, int end, bool tableRow)
    {
        switch (_original[at])
        {
            case '\\':
                return Escape(at, end);
            case '`':
                return Code(at, end);
            case '!' when at + 1 < end && _original[at + 1] == '[':
                return Open(at, at + 2);
            case '[':
                return Open(at, at + 1);
            case ']':
                return Close(at, end);
            case '<':
                return Tag(at, end);
            case '*' or '_' or '~':
                int run = Run(at, end);
                _delimiters.Add(at, run, end);
                return at + run;
            case '|':
                return tableRow ? Note(at, at + 1, MarkdownMarkKind.Space) : at;
            default:
                return TextLines.Ends.Contains(_original[at]) ? LineEnd(at, at, end) : at;
        }
    }

    private int Note(int start, int end, MarkdownMarkKind kind)
    {
        _marks.Add(new MarkdownMark(start, end - start, kind));
        return end;
    }

    private int Escape(int at, int end)
    {
        if (at + 1 < end && TextLines.Ends.Contains(_original[at + 1]))
        {
            return LineEnd(at, at + 1, end);
        }
        if (at + 1 >= end || !Escapable.Contains(_original[at + 1]))
        {
            return at;
        }
        Note(at, at + 1, MarkdownMarkKind.Nothing);
        return Note(at + 1, at + 2, MarkdownMarkKind.Literal);
    }

    // The marks of a quotation at the start of the next line go with the line's end.
    private int LineEnd(int at, int lineEnd, int end)
    {
        bool isHard = at < lineEnd || (at > 1 && _original[at - 1] == ' ' && _original[at - 2] == ' ');
        int next = TextLines.After(_original, lineEnd);
        while (next < end && _original[next] is ' ' or '\t' or '>')
        {
            next++;
        }
        _steps.Take(next - at);
        return Note(at, next, isHard ? MarkdownMarkKind.LineBreak : MarkdownMarkKind.Space);
    }

    private void FindTicks(int start, int end)
    {
        _lastTicks.Clear();
        for (int at = start; (at = _steps.IndexOf(_original, '`', at, end)) >= 0; )
        {
            int run = Run(at, end);
            _lastTicks[run] = at;
            at += run;
        }
    }

    private int Code(int at, int end)
    {
        int ticks = Run(at, end);
        int content = at + ticks;
        if (!_lastTicks.TryGetValue(ticks, out int last) || last < content)
        {
            return content;
        }

        int close = content;
        for (int run = 0; run != ticks; )
        {
            close = _steps.IndexOf(_original, '`', close + run, end);
            run = Run(close, end);
        }
        Note(at, content, MarkdownMarkKind.Nothing);
        while (content < close)
        {
            int line = _original.AsSpan(content, close - content).IndexOfAny(TextLines.Ends);
            int lineEnd = line < 0 ? close : content + line;
            Note(content, lineEnd, MarkdownMarkKind.Literal);
            content = line < 0 ? close : LineEnd(lineEnd, lineEnd, close);
        }
        return Note(close, close + ticks, MarkdownMarkKind.Nothing);
    }

    private int Run(int at, int end)
    {
        int next = at + 1;
        while (next < end && _original[next] == _original[at])
        {
            next++;
        }
        _steps.Take(next - at);
        return next - at;
    }

    private int Open(int at, int next)
    {
        _lastBracket = next - 1;
        _brackets.Push(_marks.Count);
        _marks.Add(new MarkdownMark(at, 0, MarkdownMarkKind.Nothing));
        return next;
    }

    private int Close(int at, int end)
    {
        if (!_brackets.TryPop(out int opening))
        {
            return at;
        }
        ref MarkdownMark mark = ref CollectionsMarshal.AsSpan(_marks)[opening];
        int length = _original[mark.Start] == '!' ? 2 : 1;
        int text = mark.Start + length;
        bool isPlain = _lastBracket == text - 1;
        _lastBracket = at;
        int linkEnd = _links.EndOf(new TextRange(text, at - text), end, isPlain);
        if (linkEnd == 0)
        {
            return at;
        }
        mark.Length = length;
        return Note(at, linkEnd, MarkdownMarkKind.Nothing);
    }

    // An autolink keeps its address; a comment or a tag of inline HTML goes.
    private int Tag(int at, int end)
    {
        if (at + 1 >= end || !(char.IsAsciiLetter(_original[at + 1]) || _original[at + 1] is '/' or '!' or '?'))
        {
            return at;
        }
        if (string.CompareOrdinal(_original, at, "<!--", 0, 4) == 0)
        {
            return Comment(at, end);
        }

        int length = _original.AsSpan(at + 1, end - at - 1).IndexOfAny('<', '>');
        _steps.Take(length < 0 ? end - at : length);
        if (length < 0 || _original[at + 1 + length] == '<')
        {
            return at;
        }
        ReadOnlySpan<char> inside = _original.AsSpan(at + 1, length);
        int close = at + 1 + length;
        if (inside.ContainsAny(" \t\n") || !inside.ContainsAny(':', '@'))
        {
            return Note(at, close + 1, KindOf(inside));
        }
        Note(at, at + 1, MarkdownMarkKind.Nothing);
        Note(at + 1, close, MarkdownMarkKind.Literal);
        return Note(close, close + 1, MarkdownMarkKind.Nothing);
    }

    private int Comment(int at, int end)
    {
        int close = _commentsEnd ? _steps.IndexOf(_original, "-->", Math.Min(at + 4, end), end) : -1;
        _commentsEnd = close >= 0;
        return close < 0 ? at : Note(at, close + 3, MarkdownMarkKind.Nothing);
    }

    private static MarkdownMarkKind KindOf(ReadOnlySpan<char> tag)
    {
        ReadOnlySpan<char> name = tag.TrimStart('/');
        int length = 0;
        while (length < name.Length && char.IsAsciiLetterOrDigit(name[length]))
        {
            length++;
        }
        return HtmlText.SeparatorOf(name[..length].ToString().ToLowerInvariant()) switch
        {
            '\n' => MarkdownMarkKind.LineBreak,
            ' ' => MarkdownMarkKind.Space,
            _ => MarkdownMarkKind.Nothing,
        };
    }

    private void Write(int start, int end)
    {
        foreach (MarkdownMark mark in _marks)
        {
            if (mark.Length == 0)
            {
                continue;
            }
            HtmlCharacters.Append(_builder, _original, start, mark.Start);
            switch (mark.Kind)
            {
                case MarkdownMarkKind.Literal:
                    _builder.Append(mark.Start, mark.Length);
                    break;
                case MarkdownMarkKind.Space:
                    _builder.Space(mark.Start, mark.Length);
                    break;
                case MarkdownMarkKind.LineBreak:
                    _builder.Break(mark.Start);
                    break;
            }
            start = mark.End;
        }

        HtmlCharacters.Append(_builder, _original, start, end);
    }
}
