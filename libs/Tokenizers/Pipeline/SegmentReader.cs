using Serverless.Tokenizers.AddedTokens;

namespace Serverless.Tokenizers.Pipeline;

/// <summary>
/// Cuts an input at its added tokens, and long stretches between them into segments where that changes nothing: memory then does not
/// grow with the text, and a text that is to be truncated need not be read to its end.
/// </summary>
internal ref struct SegmentReader(ReadOnlySpan<char> text, AddedTokenMatcher addedTokens, bool cutsSegments)
{
    private const int MinSegment = 4096; // units: their buffers stay in the second-level cache

    private readonly ReadOnlySpan<char> _text = text;
    private int _position;
    private int _sectionEnd;
    private TextSpan _match;
    private AddedToken? _token;

    /// <summary>The next stretch of text, or the next added token and what it covers.</summary>
    public bool TryRead(out TextSpan segment, out AddedToken? token)
    {
        token = null;
        segment = default;
        if (_position == _sectionEnd && _token == null)
        {
            FindSection();
        }
        if (_position < _sectionEnd)
        {
            int end = cutsSegments ? FindCut(_text[.._sectionEnd], _position + MinSegment) : _sectionEnd;
            segment = new(_position, end);
            _position = end;
            return true;
        }
        if (_token == null)
        {
            return false;
        }
        (segment, token) = (_match, _token);
        _position = _sectionEnd = _match.End;
        _token = null;
        return true;
    }

    private void FindSection()
    {
        if (_position == _text.Length)
        {
            return;
        }
        bool isFound = addedTokens.TryFind(_text, _position, out _match, out AddedToken token);
        _token = isFound ? token : null;
        _sectionEnd = isFound ? _match.Start : _text.Length;
    }

    /// <summary>
    /// The first place at or after <paramref name="from"/> where one space stands between ASCII letters or digits, or the end.
    /// </summary>
    private static int FindCut(ReadOnlySpan<char> text, int from)
    {
        for (int at = from; at < text.Length - 1; at++)
        {
            int space = text[at..^1].IndexOf(' ');
            if (space < 0)
            {
                break;
            }
            at += space;
            if (char.IsAsciiLetterOrDigit(text[at - 1]) && char.IsAsciiLetterOrDigit(text[at + 1]))
            {
                return at;
            }
        }
        return text.Length;
    }
}
