using System.Text.RegularExpressions;
using Serverless.Media.Text;

namespace Serverless.Media.Sniffing;

/// <summary>
/// Whether text carries enough Markdown to be read as such: two different kinds of mark, or two headings of which one has two hashes or
/// more. The comments of programs and settings start like headings, so a heading stands apart where nothing but lists and quotations
/// goes with it, and text of which most lines are code is none.
/// </summary>
internal sealed partial class MarkdownSigns
{
    private int _headings;
    private int _headingsApart;
    private bool _hasDeepHeading;
    private int _items;
    private bool _hasQuote;
    private bool _hasFence;
    private bool _hasTable;
    private bool _hasLink;
    private bool _hasStrong;
    private int _codeLines;
    private int _proseLines;

    private MarkdownSigns() { }

    public static bool AreIn(string text)
    {
        var signs = new MarkdownSigns();
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        string? fence = null;
        for (int i = 0; i < lines.Length; i++)
        {
            if (MarkdownLines.FenceOf(lines[i].AsSpan().Trim()) is { } mark)
            {
                signs._hasFence = true;
                fence = fence is null ? mark : null;
            }
            else if (fence is null && !string.IsNullOrWhiteSpace(lines[i]))
            {
                bool afterBlank = i == 0 || string.IsNullOrWhiteSpace(lines[i - 1]);
                bool beforeBlank = i == lines.Length - 1 || string.IsNullOrWhiteSpace(lines[i + 1]);
                signs.Add(lines[i], afterBlank, beforeBlank);
            }
        }
        return signs.AreEnough();
    }

    private void Add(string line, bool afterBlank, bool beforeBlank)
    {
        _hasLink = _hasLink || Link().IsMatch(line);
        _hasStrong = _hasStrong || Strong().IsMatch(line);
        if (Heading().Match(line) is { Success: true } heading)
        {
            bool isDeep = heading.Groups[1].Length > 1;
            _headings++;
            _headingsApart += afterBlank && (isDeep || beforeBlank) ? 1 : 0;
            _hasDeepHeading = _hasDeepHeading || (isDeep && afterBlank);
        }
        else if (ListItem().IsMatch(line))
        {
            _items++;
        }
        else if (Quote().IsMatch(line))
        {
            _hasQuote = true;
        }
        else if (TableRule().IsMatch(line))
        {
            _hasTable = true;
        }
        else if (Code().IsMatch(line))
        {
            _codeLines++;
        }
        else
        {
            _proseLines++;
        }
    }

    private bool AreEnough()
    {
        int own = Count(_hasFence, _hasTable, _hasLink, _hasStrong); // marks that other kinds of text do not have
        int kinds = own + Count(own > 0 ? _headings > 0 : _headingsApart > 0, _items > 1, _hasQuote);
        return _codeLines <= _proseLines && (kinds > 1 || (_headingsApart > 1 && _hasDeepHeading));
    }

    private static int Count(params ReadOnlySpan<bool> signs) => signs.Count(true);

    [GeneratedRegex(@"^ {0,3}(#{1,6}) +\S")]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<![\w\])])\[[^\[\]]{1,200}\]\([^()\s]{1,500}( [^()]{0,100})?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w*])\*\*(?=[^\s*])[^*]{1,200}(?<=[^\s*])\*\*(?![\w*])")]
    private static partial Regex Strong();

    [GeneratedRegex(@"^ {0,3}([-*+]|\d{1,3}\.) +\S")]
    private static partial Regex ListItem();

    [GeneratedRegex(@"^\|? *:?-{3,}:? *\|")]
    private static partial Regex TableRule();

    [GeneratedRegex(@"^> +\S")]
    private static partial Regex Quote();

    // Assignments, statements, and lines that open or close something.
    [GeneratedRegex(@"[=;{}$]|[:()\[\]\\]\s*$")]
    private static partial Regex Code();
}
