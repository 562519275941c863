namespace Serverless.Tokenizers.Patterns;

/// <summary>
/// The instructions of an expression while they are put together. A part of it is all from an instruction on to the last.
/// </summary>
/// <param name="refuse">What is thrown for an expression that needs too many.</param>
internal sealed class PatternProgram(Func<string, TokenizerException> refuse)
{
    private const int MaxInstructions = 20_000;

    private readonly List<Instruction> _instructions = [];

    public int Count => _instructions.Count;

    public void Add(Instruction instruction) => _instructions.Add(instruction);

    public Instruction[] Finish()
    {
        Add(new(MatchOperation.Accept));
        return [.. _instructions];
    }

    /// <summary>
    /// Makes the part from <paramref name="start"/> on one of two ways, the other of which comes next; returns the jump over that one.
    /// </summary>
    public int Fork(int start)
    {
        Insert(start, new(MatchOperation.Fork, Target: Count + 2));
        Add(new(MatchOperation.Jump));
        return Count - 1;
    }

    /// <summary>Lets a jump end here.</summary>
    public void Land(int jump) => _instructions[jump] = _instructions[jump] with { Target = Count };

    /// <summary>Makes the part one that is tried by itself: a lookahead, an atomic group.</summary>
    public void Wrap(int start, MatchOperation operation)
    {
        Insert(start, new(operation));
        Add(new(MatchOperation.Accept));
        Land(start);
    }

    public void Repeat(int start, int min, int max, bool isLazy)
    {
        if (!isLazy && Count == start + 1 && _instructions[start].Operation == MatchOperation.Set)
        {
            _instructions[start] = new(MatchOperation.Loop, _instructions[start].Set, Min: min, Max: max);
        }
        else
        {
            Unroll(start, min, max, isLazy ? MatchOperation.Prefer : MatchOperation.Fork);
        }
    }

    /// <summary>Whether the part may match nothing, so that it cannot be repeated.</summary>
    public bool MayBeEmpty(int start)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>([start]);
        while (open.TryPop(out int at))
        {
            if (at >= Count)
            {
                return true;
            }
            if (!seen.Add(at))
            {
                continue;
            }
            Instruction step = _instructions[at];
            bool consumes = step.Operation == MatchOperation.Set || (step.Operation == MatchOperation.Loop && step.Min > 0);
            if (consumes)
            {
                continue;
            }
            bool isLook = step.Operation is MatchOperation.Ahead or MatchOperation.NotAhead;
            if (isLook || step.Operation is MatchOperation.Jump or MatchOperation.Fork or MatchOperation.Prefer)
            {
                open.Push(step.Target);
            }
            if (!isLook && step.Operation != MatchOperation.Jump)
            {
                open.Push(at + 1);
            }
        }
        return false;
    }

    private void Unroll(int start, int min, int max, MatchOperation choice)
    {
        Instruction[] body = [.. _instructions[start..]];
        _instructions.RemoveRange(start, body.Length);
        for (int i = 0; i < min; i++)
        {
            Append(body, start);
        }
        if (max == int.MaxValue)
        {
            int loop = Count;
            Add(new(choice));
            Append(body, start);
            Add(new(MatchOperation.Jump, Target: loop));
            Land(loop);
            return;
        }
        for (int i = min; i < max; i++)
        {
            int fork = Count;
            Add(new(choice));
            Append(body, start);
            Land(fork);
        }
    }

    private void Append(Instruction[] body, int start)
    {
        RequireRoom(body.Length);
        int shift = Count - start;
        foreach (Instruction step in body)
        {
            Add(HasTarget(step.Operation) ? step with { Target = step.Target + shift } : step);
        }
    }

    /// <summary>Puts an instruction before those from <paramref name="at"/> on, whose targets within move along.</summary>
    private void Insert(int at, Instruction instruction)
    {
        RequireRoom(1);
        for (int i = at; i < Count; i++)
        {
            if (_instructions[i].Target >= at && HasTarget(_instructions[i].Operation))
            {
                _instructions[i] = _instructions[i] with { Target = _instructions[i].Target + 1 };
            }
        }
        _instructions.Insert(at, instruction);
    }

    private void RequireRoom(int count)
    {
        if (Count + count > MaxInstructions)
        {
            throw refuse($"needs more than {MaxInstructions} instructions");
        }
    }

    private static bool HasTarget(MatchOperation operation) =>
        operation
            is MatchOperation.Prefer
                or MatchOperation.Fork
                or MatchOperation.Jump
                or MatchOperation.Ahead
                or MatchOperation.NotAhead
                or MatchOperation.Atomic;
}
