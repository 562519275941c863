using System.Globalization;
using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Patterns;

/// <summary>Reads one character, escape or [class] of an expression into the set of runes that it stands for.</summary>
internal sealed class ClassParser(string text, bool ignoresCase)
{
    /// <summary>A class whose opening bracket was read.</summary>
    public RuneSet Parse(ref int at) => new(ParseMembers(ref at, 0));

    /// <summary>A character or an escape outside of a class.</summary>
    public RuneSet ParseSingle(ref int at)
    {
        if (text[at] == '.')
        {
            at++;
            return new(rune => rune != '\n');
        }
        return new(ParseMember(ref at, out _));
    }

    private Func<int, bool> ParseMembers(ref int at, int depth)
    {
        bool isNegated = at < text.Length && text[at] == '^';
        if (isNegated)
        {
            at++;
        }
        var members = new List<Func<int, bool>>();
        for (bool isFirst = true; at < text.Length && (text[at] != ']' || isFirst); isFirst = false)
        {
            if (text[at] == '[')
            {
                if (depth > 3 || (at + 1 < text.Length && text[at + 1] == ':'))
                {
                    throw Refuse(at, "has a class of a kind that is not supported");
                }
                at++;
                members.Add(ParseMembers(ref at, depth + 1));
            }
            else if (text.AsSpan(at).StartsWith("&&"))
            {
                throw Refuse(at, "intersects classes, which is not supported");
            }
            else
            {
                members.Add(ParseRange(ref at));
            }
        }
        if (at >= text.Length)
        {
            throw Refuse(at, "leaves a class open");
        }
        at++;
        return AnyOf([.. members], isNegated);
    }

    private static Func<int, bool> AnyOf(Func<int, bool>[] members, bool isNegated) =>
        rune =>
        {
            foreach (Func<int, bool> member in members)
            {
                if (member(rune))
                {
                    return !isNegated;
                }
            }
            return isNegated;
        };

    private Func<int, bool> ParseRange(ref int at)
    {
        Func<int, bool> single = ParseMember(ref at, out int? first);
        if (first is not { } low || at + 1 >= text.Length || text[at] != '-' || text[at + 1] == ']')
        {
            return single;
        }
        at++;
        int start = at;
        ParseMember(ref at, out int? last);
        if (last is not { } high || high < low)
        {
            throw Refuse(start, "has a range that does not go up");
        }
        return Fold(rune => rune >= low && rune <= high);
    }

    /// <summary>One character or escape; <paramref name="literal"/> is its rune when it stands for just one.</summary>
    private Func<int, bool> ParseMember(ref int at, out int? literal)
    {
        literal = null;
        if (text[at] == '\\')
        {
            return ParseEscape(ref at, out literal);
        }
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out Rune rune, out int units) != System.Buffers.OperationStatus.Done)
        {
            throw Refuse(at, "holds half of a surrogate pair");
        }
        at += units;
        literal = rune.Value;
        return Literal(rune.Value);
    }

    private Func<int, bool> ParseEscape(ref int at, out int? literal)
    {
        literal = null;
        if (at + 1 >= text.Length)
        {
            throw Refuse(at, "ends with a backslash");
        }
        char kind = text[at + 1];
        if (kind is 'p' or 'P')
        {
            return ParseProperty(ref at, kind == 'P');
        }
        if (kind is 'u' or 'x')
        {
            literal = ParseHex(ref at);
            return Literal(literal.Value);
        }
        at += 2;
        switch (kind)
        {
            case 's' or 'S':
                return Class(CharClass.Space, kind == 'S');
            case 'w' or 'W':
                return Class(CharClass.Word, kind == 'W');
            case 'd' or 'D':
                return rune => (CategoryOf(rune) == UnicodeCategory.DecimalDigitNumber) != (kind == 'D');
            case 'h' or 'H':
                return rune => (rune < 128 && char.IsAsciiHexDigit((char)rune)) != (kind == 'H');
        }
        literal = kind switch
        {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'f' => '\f',
            'v' => '\v',
            'a' => '\a',
            'e' => '\x1B',
            _ when !char.IsAsciiLetterOrDigit(kind) && !char.IsSurrogate(kind) => kind,
            _ => throw Refuse(at - 2, $"has the escape '\\{kind}', which is not supported"),
        };
        return Literal(literal.Value);
    }

    private int ParseHex(ref int at)
    {
        int start = at;
        bool isBraced = at + 2 < text.Length && text[at + 2] == '{';
        int first = at + (isBraced ? 3 : 2);
        int length =
            isBraced ? text.IndexOf('}', first) - first
            : text[at + 1] == 'u' ? 4
            : 2;
        if (
            length < 1
            || first + length > text.Length
            || !int.TryParse(text.AsSpan(first, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value)
            || !Rune.IsValid(value)
        )
        {
            throw Refuse(start, "has a hexadecimal escape that is no character");
        }
        at = first + length + (isBraced ? 1 : 0);
        return value;
    }

    private Func<int, bool> ParseProperty(ref int at, bool isNegated)
    {
        int start = at;
        int end = at + 2 < text.Length && text[at + 2] == '{' ? text.IndexOf('}', at) : -1;
        if (end < 0)
        {
            throw Refuse(start, "has a property without braces");
        }
        string name = text[(at + 3)..end];
        if (name.StartsWith('^'))
        {
            (name, isNegated) = (name[1..], !isNegated);
        }
        at = end + 1;
        Func<int, bool> holds = UnicodeProperties.Find(name) ?? throw Refuse(start, $"has the property '{name}', which is not supported");
        return isNegated ? rune => !holds(rune) : holds;
    }

    private Func<int, bool> Literal(int literal) => Fold(rune => rune == literal);

    private Func<int, bool> Fold(Func<int, bool> contains) =>
        !ignoresCase ? contains : rune => contains(rune) || contains(Lower(rune)) || contains(Rune.ToUpperInvariant(new Rune(rune)).Value);

    // The long s and the Kelvin sign fold to ASCII letters (CaseFolding.txt).
    private static int Lower(int rune) =>
        rune switch
        {
            0x17F => 's',
            0x212A => 'k',
            _ => Rune.ToLowerInvariant(new Rune(rune)).Value,
        };

    private static Func<int, bool> Class(CharClass wanted, bool isNegated) =>
        rune => ((CharClasses.Of(new Rune(rune)) & wanted) != 0) != isNegated;

    private static UnicodeCategory CategoryOf(int rune) => CharUnicodeInfo.GetUnicodeCategory(rune);

    private TokenizerException Refuse(int at, string fault) => new($"The pattern '{text}' {fault} at character {at}.");
}
