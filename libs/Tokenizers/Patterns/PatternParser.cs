using System.Globalization;

namespace Serverless.Tokenizers.Patterns;

/// <summary>
/// Turns an expression into instructions. Known: literals, classes, \s \d \w \h \p{..}, groups (plain, (?:), (?i:), (?>)), lookahead,
/// alternation, greedy, lazy and possessive repetition, ^ $ \A \z \b. All else (captures' use, lookbehind, scripts) is refused by name.
/// </summary>
internal sealed class PatternParser
{
    private const int MaxLength = 4096,
        MaxDepth = 50,
        MaxRepeat = 1000;

    private readonly string _text;
    private readonly PatternProgram _program;
    private int _at;
    private int _depth;
    private bool _ignoresCase;

    private PatternParser(string text) => (_text, _program) = (text, new PatternProgram(Refuse));

    public static Instruction[] Parse(string expression)
    {
        var parser = new PatternParser(expression);
        if (expression.Length is 0 or > MaxLength)
        {
            throw parser.Refuse($"is {expression.Length} characters long (1 to {MaxLength} are allowed)");
        }
        parser.ParseAlternatives();
        if (parser._at < expression.Length)
        {
            throw parser.Refuse("closes a group that was not opened");
        }
        return parser._program.Finish();
    }

    private TokenizerException Refuse(string fault) => new($"The pattern '{_text}' {fault} at character {_at}.");

    private bool TryTake(string expected)
    {
        if (!_text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
        {
            return false;
        }
        _at += expected.Length;
        return true;
    }

    private void ParseAlternatives()
    {
        if (++_depth > MaxDepth)
        {
            throw Refuse($"nests more than {MaxDepth} groups");
        }
        bool outerCase = _ignoresCase;
        int start = _program.Count;
        var jumps = new List<int>();
        while (true)
        {
            ParseSequence();
            if (!TryTake("|"))
            {
                break;
            }
            jumps.Add(_program.Fork(start));
            start = _program.Count;
        }
        foreach (int jump in jumps)
        {
            _program.Land(jump);
        }
        _ignoresCase = outerCase;
        _depth--;
    }

    private void ParseSequence()
    {
        while (_at < _text.Length && _text[_at] is not ('|' or ')'))
        {
            int start = _program.Count;
            bool mayBeEmpty = ParseAtom();
            ParseRepetition(start, mayBeEmpty);
        }
    }

    /// <summary>True when the atom may match nothing, so that it cannot be repeated.</summary>
    private bool ParseAtom()
    {
        if (TryTake("("))
        {
            return ParseGroup();
        }
        if (TryTake("["))
        {
            _program.Add(new(MatchOperation.Set, new ClassParser(_text, _ignoresCase).Parse(ref _at)));
            return false;
        }
        if (TryTake("^"))
        {
            return Assert(MatchOperation.LineStart);
        }
        if (TryTake("$"))
        {
            return Assert(MatchOperation.LineEnd);
        }
        if (TryTake("\\A"))
        {
            return Assert(MatchOperation.TextStart);
        }
        if (TryTake("\\z"))
        {
            return Assert(MatchOperation.TextEnd);
        }
        if (TryTake("\\b"))
        {
            return Assert(MatchOperation.WordBoundary);
        }
        if (TryTake("\\B"))
        {
            return Assert(MatchOperation.NotWordBoundary);
        }
        if (_text[_at] is '*' or '+' or '?')
        {
            throw Refuse($"repeats nothing ('{_text[_at]}')");
        }
        _program.Add(new(MatchOperation.Set, new ClassParser(_text, _ignoresCase).ParseSingle(ref _at)));
        return false;
    }

    private bool Assert(MatchOperation operation)
    {
        _program.Add(new(operation));
        return true;
    }

    private bool ParseGroup()
    {
        MatchOperation? wrapper = null;
        bool outerCase = _ignoresCase;
        if (TryTake("?i)"))
        {
            _ignoresCase = true; // to the end of the enclosing group
            return true;
        }
        if (TryTake("?i:"))
        {
            _ignoresCase = true;
        }
        else if (TryTake("?="))
        {
            wrapper = MatchOperation.Ahead;
        }
        else if (TryTake("?!"))
        {
            wrapper = MatchOperation.NotAhead;
        }
        else if (TryTake("?>"))
        {
            wrapper = MatchOperation.Atomic;
        }
        else if (!TryTake("?:") && _at < _text.Length && _text[_at] == '?')
        {
            throw Refuse($"has a group of a kind that is not supported ('({_text.AsSpan(_at, Math.Min(3, _text.Length - _at))}')");
        }
        int start = _program.Count;
        ParseAlternatives();
        if (!TryTake(")"))
        {
            throw Refuse("leaves a group open");
        }
        _ignoresCase = outerCase;
        bool mayBeEmpty = _program.MayBeEmpty(start);
        if (wrapper is { } operation)
        {
            _program.Wrap(start, operation);
        }
        return mayBeEmpty || wrapper is MatchOperation.Ahead or MatchOperation.NotAhead;
    }

    private void ParseRepetition(int start, bool mayBeEmpty)
    {
        if (!TryParseCount(out int min, out int max))
        {
            return;
        }
        bool isLazy = TryTake("?"),
            isPossessive = !isLazy && TryTake("+");
        if (mayBeEmpty && max > 1)
        {
            throw Refuse("repeats what may be empty");
        }
        if (_at < _text.Length && _text[_at] is '*' or '+' or '?')
        {
            throw Refuse("repeats a repetition");
        }
        _program.Repeat(start, min, max, isLazy);
        if (isPossessive)
        {
            _program.Wrap(start, MatchOperation.Atomic);
        }
    }

    private bool TryParseCount(out int min, out int max)
    {
        (min, max) = (0, int.MaxValue);
        if (TryTake("*"))
        {
            return true;
        }
        if (TryTake("+"))
        {
            return (min = 1) == 1;
        }
        if (TryTake("?"))
        {
            return (max = 1) == 1;
        }
        int end = _at < _text.Length && _text[_at] == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
        {
            return false;
        }
        string[] parts = _text[(_at + 1)..end].Split(',');
        bool isCount =
            parts.Length <= 2
            && TryParseBound(parts[0], 0, out min)
            && TryParseBound(parts[^1], int.MaxValue, out max)
            && parts[0].Length + parts[^1].Length > 0;
        if (!isCount)
        {
            return false;
        }
        if (min > max || min > MaxRepeat || (max > MaxRepeat && max != int.MaxValue))
        {
            throw Refuse($"repeats {min} to {max} times (up to {MaxRepeat} are allowed)");
        }
        _at = end + 1;
        return true;
    }

    private static bool TryParseBound(string text, int otherwise, out int bound)
    {
        bound = otherwise;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bound);
    }
}
