using System.Globalization;
using Serverless.Registry;

namespace Serverless.Inference.Tokenizers.Patterns;

/// <summary>
/// Turns an expression into instructions. Known: literals, classes, \s \d \w \h \p{..}, groups (plain, (?:), (?i:), (?>)), lookahead,
/// alternation, greedy, lazy and possessive repetition, ^ $ \A \z \b. All else (captures' use, lookbehind, scripts) is refused by name.
/// </summary>
internal sealed class PatternParser
{
    private const int MaxLength = 4096, MaxInstructions = 20_000, MaxDepth = 50, MaxRepeat = 1000;

    private readonly string _text;
    private readonly List<Instruction> _program = [];
    private int _at;
    private int _depth;
    private bool _ignoresCase;

    private PatternParser(string text) => _text = text;

    public static Instruction[] Parse(string expression)
    {
        var parser = new PatternParser(expression);
        if (expression.Length is 0 or > MaxLength)
            throw parser.Refuse($"is {expression.Length} characters long (1 to {MaxLength} are allowed)");
        parser.ParseAlternatives();
        if (parser._at < expression.Length)
            throw parser.Refuse("closes a group that was not opened");
        parser._program.Add(new(Operation.Accept));
        return [.. parser._program];
    }

    private ModelRejectedException Refuse(string fault) =>
        new($"The pattern '{_text}' {fault} at character {_at}.");

    private bool TryTake(string expected)
    {
        if (!_text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal))
            return false;
        _at += expected.Length;
        return true;
    }

    private void ParseAlternatives()
    {
        if (++_depth > MaxDepth)
            throw Refuse($"nests more than {MaxDepth} groups");
        bool outerCase = _ignoresCase;
        int start = _program.Count;
        var jumps = new List<int>();
        while (true)
        {
            ParseSequence();
            if (!TryTake("|"))
                break;
            Insert(start, new(Operation.Fork, Target: _program.Count + 2));
            jumps.Add(_program.Count);
            _program.Add(new(Operation.Jump));
            start = _program.Count;
        }
        foreach (int jump in jumps)
            _program[jump] = _program[jump] with { Target = _program.Count };
        _ignoresCase = outerCase;
        _depth--;
    }

    /// <summary>Puts an instruction before those from <paramref name="at"/> on, whose targets within move along.</summary>
    private void Insert(int at, Instruction instruction)
    {
        for (int i = at; i < _program.Count; i++)
        {
            if (_program[i].Target >= at && HasTarget(_program[i].Operation))
                _program[i] = _program[i] with { Target = _program[i].Target + 1 };
        }
        _program.Insert(at, instruction);
        if (_program.Count > MaxInstructions)
            throw Refuse($"needs more than {MaxInstructions} instructions");
    }

    private static bool HasTarget(Operation operation) =>
        operation is Operation.Prefer or Operation.Fork or Operation.Jump or Operation.Ahead or Operation.NotAhead or Operation.Atomic;

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
            return ParseGroup();
        if (TryTake("["))
        {
            _program.Add(new(Operation.Set, new ClassParser(_text, _ignoresCase).Parse(ref _at)));
            return false;
        }
        if (TryTake("^"))
            return Assert(Operation.LineStart);
        if (TryTake("$"))
            return Assert(Operation.LineEnd);
        if (TryTake("\\A"))
            return Assert(Operation.TextStart);
        if (TryTake("\\z"))
            return Assert(Operation.TextEnd);
        if (TryTake("\\b"))
            return Assert(Operation.WordBoundary);
        if (TryTake("\\B"))
            return Assert(Operation.NotWordBoundary);
        if (_text[_at] is '*' or '+' or '?')
            throw Refuse($"repeats nothing ('{_text[_at]}')");
        _program.Add(new(Operation.Set, new ClassParser(_text, _ignoresCase).ParseSingle(ref _at)));
        return false;
    }

    private bool Assert(Operation operation)
    {
        _program.Add(new(operation));
        return true;
    }

    private bool ParseGroup()
    {
        Operation? wrapper = null;
        bool outerCase = _ignoresCase;
        if (TryTake("?i)"))
        {
            _ignoresCase = true; // to the end of the enclosing group
            return true;
        }
        if (TryTake("?i:"))
            _ignoresCase = true;
        else if (TryTake("?="))
            wrapper = Operation.Ahead;
        else if (TryTake("?!"))
            wrapper = Operation.NotAhead;
        else if (TryTake("?>"))
            wrapper = Operation.Atomic;
        else if (!TryTake("?:") && _at < _text.Length && _text[_at] == '?')
            throw Refuse($"has a group of a kind that is not supported ('({_text.AsSpan(_at, Math.Min(3, _text.Length - _at))}')");
        int start = _program.Count;
        ParseAlternatives();
        if (!TryTake(")"))
            throw Refuse("leaves a group open");
        _ignoresCase = outerCase;
        bool mayBeEmpty = MayBeEmpty(start, _program.Count);
        if (wrapper is { } operation)
            Wrap(start, operation);
        return mayBeEmpty || wrapper is Operation.Ahead or Operation.NotAhead;
    }

    private void Wrap(int start, Operation operation)
    {
        Insert(start, new(operation));
        _program.Add(new(Operation.Accept));
        _program[start] = _program[start] with { Target = _program.Count };
    }

    private bool MayBeEmpty(int start, int end)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>([start]);
        while (open.TryPop(out int at))
        {
            if (at >= end)
                return true;
            if (!seen.Add(at))
                continue;
            Instruction step = _program[at];
            bool consumes = step.Operation == Operation.Set || (step.Operation == Operation.Loop && step.Min > 0);
            if (consumes)
                continue;
            bool isLook = step.Operation is Operation.Ahead or Operation.NotAhead;
            if (isLook || step.Operation is Operation.Jump or Operation.Fork or Operation.Prefer)
                open.Push(step.Target);
            if (!isLook && step.Operation != Operation.Jump)
                open.Push(at + 1);
        }
        return false;
    }

    private void ParseRepetition(int start, bool mayBeEmpty)
    {
        if (!TryParseCount(out int min, out int max))
            return;
        bool isLazy = TryTake("?"), isPossessive = !isLazy && TryTake("+");
        if (mayBeEmpty && max > 1)
            throw Refuse("repeats what may be empty");
        if (_at < _text.Length && _text[_at] is '*' or '+' or '?')
            throw Refuse("repeats a repetition");
        if (!isLazy && _program.Count == start + 1 && _program[start].Operation == Operation.Set)
            _program[start] = new(Operation.Loop, _program[start].Set, Min: min, Max: max);
        else
            Repeat(start, min, max, isLazy);
        if (isPossessive)
            Wrap(start, Operation.Atomic);
    }

    private bool TryParseCount(out int min, out int max)
    {
        (min, max) = (0, int.MaxValue);
        if (TryTake("*"))
            return true;
        if (TryTake("+"))
            return (min = 1) == 1;
        if (TryTake("?"))
            return (max = 1) == 1;
        int end = _at < _text.Length && _text[_at] == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
            return false;
        string[] parts = _text[(_at + 1)..end].Split(',');
        bool isCount = parts.Length <= 2 && TryParseBound(parts[0], 0, out min) && TryParseBound(parts[^1], int.MaxValue, out max) && parts[0].Length + parts[^1].Length > 0;
        if (!isCount)
            return false;
        if (min > max || min > MaxRepeat || (max > MaxRepeat && max != int.MaxValue))
            throw Refuse($"repeats {min} to {max} times (up to {MaxRepeat} are allowed)");
        _at = end + 1;
        return true;
    }

    private static bool TryParseBound(string text, int otherwise, out int bound)
    {
        bound = otherwise;
        return text.Length == 0 || int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bound);
    }

    private void Repeat(int start, int min, int max, bool isLazy)
    {
        Instruction[] body = [.. _program[start..]];
        _program.RemoveRange(start, body.Length);
        Operation choice = isLazy ? Operation.Prefer : Operation.Fork;
        for (int i = 0; i < min; i++)
            Append(body, start);
        if (max == int.MaxValue)
        {
            int loop = _program.Count;
            _program.Add(new(choice));
            Append(body, start);
            _program.Add(new(Operation.Jump, Target: loop));
            _program[loop] = _program[loop] with { Target = _program.Count };
            return;
        }
        for (int i = min; i < max; i++)
        {
            int fork = _program.Count;
            _program.Add(new(choice));
            Append(body, start);
            _program[fork] = _program[fork] with { Target = _program.Count };
        }
    }

    private void Append(Instruction[] body, int start)
    {
        int shift = _program.Count - start;
        if (_program.Count + body.Length > MaxInstructions)
            throw Refuse($"needs more than {MaxInstructions} instructions");
        foreach (Instruction step in body)
            _program.Add(HasTarget(step.Operation) ? step with { Target = step.Target + shift } : step);
    }
}
