namespace Serverless.Tokenizers.Patterns;

internal enum MatchOperation
{
    /// <summary>The match is complete.</summary>
    Accept,

    /// <summary>One rune of the set.</summary>
    Set,

    /// <summary>As many runes of the set as there are, between Min and Max; gives back one by one when the rest fails.</summary>
    Loop,

    /// <summary>Goes on at Target, at the next instruction if that fails.</summary>
    Prefer,

    /// <summary>Goes on at the next instruction, at Target if that fails.</summary>
    Fork,

    Jump,

    /// <summary>The instructions up to Target must match here, without moving on.</summary>
    Ahead,

    /// <summary>The instructions up to Target must not match here.</summary>
    NotAhead,

    /// <summary>The instructions up to Target match once, and are not tried another way.</summary>
    Atomic,

    LineStart,
    LineEnd,
    TextStart,
    TextEnd,
    WordBoundary,
    NotWordBoundary,
}

internal record struct Instruction(MatchOperation Operation, RuneSet? Set = null, int Target = 0, int Min = 0, int Max = 0);
