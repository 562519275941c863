namespace Serverless.Media.Text;

/// <summary>
/// Markdown without its marks (CommonMark plus tables): blocks become paragraphs, inline marks go, texts of links and code stay. Reads
/// line by line and builds no tree of blocks, so that depth of nesting costs nothing.
/// </summary>
internal sealed class MarkdownText
{
    private readonly string _original;
    private readonly ExtractedTextBuilder _builder;
    private readonly MarkdownInline _inline;
    private MarkdownPrefix _paragraph; // of the first line of the open paragraph
    private int _start = -1; // of the open paragraph; negative where none is open
    private int _end;
    private string? _fence; // that opened the code which is being read
    private bool _fenceIsQuoted;
    private bool _inList;
    private bool _inTable;
    private bool _inDefinition;
    private bool _inComment;

    private MarkdownText(string original, ReadingSteps steps)
    {
        _original = original;
        _builder = new ExtractedTextBuilder(original, steps);
        _inline = new MarkdownInline(_builder, original, MarkdownLabels.Of(original, steps), steps);
    }

    public static ExtractedText Extract(string original, ReadingSteps steps)
    {
        var markdown = new MarkdownText(original, steps);
        for (int at = SkipFrontMatter(original, steps); at < original.Length; )
        {
            TextLine line = TextLines.At(original, at);
            steps.Take(line.Next - at);
            markdown.Read(markdown.SkipComment(line.Start, line.End), line.End);
            at = line.Next;
        }
        markdown.EndParagraph(isTableRow: false);
        return markdown._builder.Build();
    }

    private void Read(int start, int end)
    {
        int at = start;
        while (at < end && (char.IsWhiteSpace(_original[at]) || _original[at] == '>'))
        {
            at++;
        }
        ReadOnlySpan<char> content = _original.AsSpan(at, end - at).TrimEnd();
        if (_fence is not null && (!_fenceIsQuoted || _original.AsSpan(start, at - start).Contains('>')))
        {
            ReadCode(_fenceIsQuoted ? at : start, end, content);
            return;
        }

        _fence = null;
        if (_start < 0 && !_inList && !content.IsEmpty && MarkdownLines.IsIndented(_original.AsSpan(start, at - start)))
        {
            WriteCode(at, end);
            return;
        }

        bool isTableRule = MarkdownLines.IsTableRule(content);
        if (isTableRule || content.IsEmpty || MarkdownLines.IsRule(content) || IsDefinition(content))
        {
            _inTable = isTableRule;
            EndParagraph(isTableRow: isTableRule); // the line above the rule is the head
            return;
        }

        MarkdownPrefix prefix = MarkdownPrefix.Of(_original, start, end, numbered: _start < 0 || _inList);
        if (MarkdownLines.FenceOf(_original.AsSpan(prefix.End, end - prefix.End)) is { } fence)
        {
            EndParagraph(isTableRow: false);
            (_fence, _fenceIsQuoted) = (fence, prefix.IsQuoted);
            return;
        }
        ReadText(prefix, end);
    }

    private void ReadCode(int start, int end, ReadOnlySpan<char> content)
    {
        if (content.Length >= _fence!.Length && content.IndexOfAnyExcept(_fence[0]) < 0)
        {
            _fence = null;
            return;
        }
        WriteCode(start, end);
    }

    private void WriteCode(int start, int end)
    {
        _builder.Append(start, end - start);
        _builder.Break(end);
    }

    private void ReadText(MarkdownPrefix prefix, int end)
    {
        _inTable = _inTable && !prefix.IsItem && !prefix.IsHeading;
        bool isRow = _inTable || (prefix.End < end && _original[prefix.End] == '|');
        bool isAlone = isRow || prefix.IsHeading;
        if (_start < 0 || isAlone || prefix.IsItem || (prefix.IsQuoted && !_paragraph.IsQuoted))
        {
            EndParagraph(isTableRow: false);
            bool isIndented = prefix.End > 0 && _original[prefix.End - 1] is ' ' or '\t';
            _inList = prefix.IsItem || (_inList && isIndented);
            (_paragraph, _start) = (prefix, prefix.End);
        }
        _end = prefix.IsHeading ? MarkdownLines.EndOfHeading(_original, prefix.End, end) : end;
        if (isAlone)
        {
            EndParagraph(isRow);
        }
    }

    private bool IsDefinition(ReadOnlySpan<char> content)
    {
        if (_inDefinition && MarkdownLines.IsTarget(content))
        {
            _inDefinition = false;
            return true;
        }
        bool hasTarget = true;
        bool isDefinition = _start < 0 && MarkdownLines.LabelOf(content, out hasTarget) is not null;
        _inDefinition = isDefinition && !hasTarget;
        return isDefinition;
    }

    private void EndParagraph(bool isTableRow)
    {
        if (_start >= 0)
        {
            _inline.Append(_start, _end, isTableRow);
            _builder.Break(_end);
        }
        _start = -1;
    }

    /// <summary>Where the line goes on behind a comment of several lines; its end where all of it is comment.</summary>
    private int SkipComment(int start, int end)
    {
        if (!_inComment)
        {
            ReadOnlySpan<char> line = _original.AsSpan(start, end - start).TrimStart();
            _inComment =
                _fence is null && line.StartsWith("<!--", StringComparison.Ordinal) && !line[4..].Contains("-->", StringComparison.Ordinal);
            return _inComment ? end : start;
        }
        int close = _original.AsSpan(start, end - start).IndexOf("-->", StringComparison.Ordinal);
        _inComment = close < 0;
        return _inComment ? end : start + close + 3;
    }

    // YAML between two lines of dashes at the very start is data about the text.
    private static int SkipFrontMatter(string original, ReadingSteps steps)
    {
        TextLine first = TextLines.At(original, 0);
        if (original.AsSpan(0, first.End) is not "---" || first.Next == original.Length)
        {
            return 0;
        }
        for (int at = first.Next; at < original.Length; )
        {
            TextLine line = TextLines.At(original, at);
            steps.Take(line.Next - at);
            if (original.AsSpan(at, line.End - at).TrimEnd() is "---" or "...")
            {
                return line.Next;
            }
            at = line.Next;
        }
        return 0;
    }
}
