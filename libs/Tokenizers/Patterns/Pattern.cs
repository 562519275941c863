using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Patterns;

/// <summary>
/// A literal or a regular expression of a tokenizer file, matched leftmost-first by runes rather than UTF-16 units (so that \p{L}
/// holds letters of every plane). The file is untrusted: the steps that a text may cost are bounded.
/// </summary>
internal sealed class Pattern
{
    private const long FreeSteps = 1_000_000,
        StepsPerUnit = 512; // real patterns take under 20 a unit

    private readonly Instruction[] _program = [];
    private readonly string _source;

    private Pattern(string source, string? literal, Instruction[] program)
    {
        _source = source;
        Literal = literal;
        _program = program;
    }

    /// <summary>The text that matches, where no expression is involved.</summary>
    public string? Literal { get; }

    public static Pattern OfLiteral(string literal) => new(literal, literal, []);

    public static Pattern OfExpression(string expression) => new(expression, null, PatternParser.Parse(expression));

    public static void StartText(MatchStack stack, int length) => stack.StepsLeft = FreeSteps + (StepsPerUnit * length);

    /// <summary>The first match at or after <paramref name="from"/> that is not empty.</summary>
    public bool TryFind(ReadOnlySpan<char> text, int from, MatchStack stack, out TextSpan match)
    {
        match = default;
        if (Literal != null)
        {
            int at = Literal.Length == 0 ? -1 : text[from..].IndexOf(Literal, StringComparison.Ordinal);
            match = new(from + at, from + at + Literal.Length);
            return at >= 0;
        }
        if (from == 0)
        {
            StartText(stack, text.Length);
        }
        for (int start = from; start < text.Length; start++)
        {
            if (char.IsLowSurrogate(text[start]) && start > 0 && char.IsHighSurrogate(text[start - 1]))
            {
                continue;
            }
            stack.DropTo(0);
            int end = Run(text, 0, start, stack);
            if (end > start)
            {
                match = new(start, end);
                return true;
            }
        }
        return false;
    }

    /// <summary>Where the match that begins at <paramref name="position"/> ends, or -1.</summary>
    private int Run(ReadOnlySpan<char> text, int instruction, int position, MatchStack stack)
    {
        int bottom = stack.Count;
        while (true)
        {
            if (--stack.StepsLeft < 0)
            {
                throw new TokenizerException(
                    $"The tokenizer's pattern '{_source}' takes more than {FreeSteps} + {StepsPerUnit} steps a character on a "
                        + $"text of {text.Length}; it backtracks too much to be used."
                );
            }
            ref readonly Instruction step = ref _program[instruction];
            bool isMet = true;
            switch (step.Operation)
            {
                case MatchOperation.Accept:
                    stack.DropTo(bottom);
                    return position;
                case MatchOperation.Set:
                    int units = step.Set!.MatchAt(text, position);
                    position += units;
                    isMet = units > 0;
                    break;
                case MatchOperation.Loop:
                    isMet = Loop(text, step, instruction + 1, ref position, stack);
                    break;
                case MatchOperation.Fork:
                    stack.Push(step.Target, position, position);
                    break;
                case MatchOperation.Prefer:
                    stack.Push(instruction + 1, position, position);
                    instruction = step.Target - 1;
                    break;
                case MatchOperation.Jump:
                    instruction = step.Target - 1;
                    break;
                case MatchOperation.Ahead or MatchOperation.NotAhead:
                    isMet = Run(text, instruction + 1, position, stack) >= 0 == (step.Operation == MatchOperation.Ahead);
                    instruction = step.Target - 1;
                    break;
                case MatchOperation.Atomic:
                    int end = Run(text, instruction + 1, position, stack);
                    isMet = end >= 0;
                    position = end;
                    instruction = step.Target - 1;
                    break;
                default:
                    isMet = IsAt(step.Operation, text, position);
                    break;
            }
            if (isMet)
            {
                instruction++;
            }
            else if (!Resume(text, stack, bottom, ref instruction, ref position))
            {
                return -1;
            }
        }
    }

    private static bool Loop(ReadOnlySpan<char> text, in Instruction step, int next, ref int position, MatchStack stack)
    {
        int count = 0,
            floor = step.Min == 0 ? position : -1;
        for (int units; count < step.Max && (units = step.Set!.MatchAt(text, position)) > 0; )
        {
            position += units;
            if (++count == step.Min)
            {
                floor = position;
            }
        }
        if (floor < 0)
        {
            return false;
        }
        stack.StepsLeft -= count / 8; // a rune of a loop costs far less than an instruction
        if (position > floor)
        {
            stack.Push(next, position, floor);
        }
        return true;
    }

    private static bool Resume(ReadOnlySpan<char> text, MatchStack stack, int bottom, ref int instruction, ref int position)
    {
        if (stack.Count == bottom)
        {
            return false;
        }
        ref MatchStack.Entry entry = ref stack.Peek();
        if (entry.Position > entry.Floor)
        {
            entry.Position--;
            if (entry.Position > entry.Floor && char.IsLowSurrogate(text[entry.Position]) && char.IsHighSurrogate(text[entry.Position - 1]))
            {
                entry.Position--;
            }
        }
        instruction = entry.Instruction;
        position = entry.Position;
        if (entry.Position == entry.Floor)
        {
            stack.Drop();
        }
        return true;
    }

    private static bool IsAt(MatchOperation operation, ReadOnlySpan<char> text, int position) =>
        operation switch
        {
            MatchOperation.TextStart => position == 0,
            MatchOperation.TextEnd => position == text.Length,
            MatchOperation.LineStart => position == 0 || text[position - 1] == '\n',
            MatchOperation.LineEnd => position == text.Length || text[position] == '\n',
            MatchOperation.WordBoundary => Words.IsBoundary(text, position),
            _ => !Words.IsBoundary(text, position),
        };
}
