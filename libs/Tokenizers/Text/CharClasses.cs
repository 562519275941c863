using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Serverless.Tokenizers.Text;

/// <summary>What tokenizers ask of a character, by Unicode's categories.</summary>
[Flags]
internal enum CharClass : ushort
{
    None = 0,

    /// <summary>Property White_Space.</summary>
    Space = 1,

    /// <summary>ASCII's punctuation and symbols, and categories P*.</summary>
    Punctuation = 2,

    /// <summary>Categories Cc, Cf, Co.</summary>
    Other = 4,

    /// <summary>Category Mn.</summary>
    NonspacingMark = 8,

    /// <summary>The CJK blocks that BERT sets apart.</summary>
    Ideograph = 16,

    Letter = 32,

    /// <summary>Categories Nd, Nl, No.</summary>
    Number = 64,

    /// <summary>A word character of UTS #18: alphabetic, mark, decimal digit, connector, join control.</summary>
    Word = 128,

    /// <summary>Half of a pair: ask for the rune.</summary>
    Surrogate = 256,

    /// <summary>Categories Mn, Mc, Me.</summary>
    Mark = 512,
}

internal static class CharClasses
{
    private static readonly CharClass[] Units = BuildUnits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass Of(char unit) => Units[unit];

    public static CharClass Of(Rune rune) => rune.IsBmp ? Units[rune.Value] : Classify(rune.Value);

    /// <summary>The class of the rune at <paramref name="index"/>, which is moved past it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static CharClass Next(ReadOnlySpan<char> text, ref int index)
    {
        CharClass known = Units[text[index++]];
        return (known & CharClass.Surrogate) == 0 ? known : NextPair(text, ref index);
    }

    private static CharClass NextPair(ReadOnlySpan<char> text, ref int index)
    {
        if (index >= text.Length || !Rune.TryCreate(text[index - 1], text[index], out Rune rune))
        {
            return CharClass.None;
        }
        index++;
        return Classify(rune.Value);
    }

    private static CharClass[] BuildUnits()
    {
        var units = new CharClass[char.MaxValue + 1];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = char.IsSurrogate((char)i) ? CharClass.Surrogate : Classify(i);
        }
        return units;
    }

    private static CharClass Classify(int rune)
    {
        CharClass found = OfCategory(CharUnicodeInfo.GetUnicodeCategory(rune));
        if (rune <= char.MaxValue && char.IsWhiteSpace((char)rune))
        {
            found |= CharClass.Space;
        }
        if (rune < 128 && (char.IsPunctuation((char)rune) || char.IsSymbol((char)rune)))
        {
            found |= CharClass.Punctuation;
        }
        if (IsIdeograph(rune))
        {
            found |= CharClass.Ideograph;
        }
        if (IsAlphabeticSymbol(rune) || rune is 0x200C or 0x200D)
        {
            found |= CharClass.Word;
        }
        return found;
    }

    private static CharClass OfCategory(UnicodeCategory category) =>
        category switch
        {
            UnicodeCategory.UppercaseLetter
            or UnicodeCategory.LowercaseLetter
            or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter
            or UnicodeCategory.OtherLetter => CharClass.Letter | CharClass.Word,
            UnicodeCategory.NonSpacingMark => CharClass.NonspacingMark | CharClass.Mark | CharClass.Word,
            UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => CharClass.Mark | CharClass.Word,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber => CharClass.Number | CharClass.Word,
            UnicodeCategory.OtherNumber => CharClass.Number,
            UnicodeCategory.ConnectorPunctuation => CharClass.Punctuation | CharClass.Word,
            UnicodeCategory.DashPunctuation
            or UnicodeCategory.OpenPunctuation
            or UnicodeCategory.ClosePunctuation
            or UnicodeCategory.InitialQuotePunctuation
            or UnicodeCategory.FinalQuotePunctuation
            or UnicodeCategory.OtherPunctuation => CharClass.Punctuation,
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse => CharClass.Other,
            _ => CharClass.None,
        };

    // The blocks of the BERT release (_is_chinese_char); its 2B820 is 2B920 in the reference library, which decides.
    private static bool IsIdeograph(int rune) =>
        rune
            is (>= 0x4E00 and <= 0x9FFF)
                or (>= 0x3400 and <= 0x4DBF)
                or (>= 0xF900 and <= 0xFAFF)
                or (>= 0x20000 and <= 0x2A6DF)
                or (>= 0x2A700 and <= 0x2B73F)
                or (>= 0x2B740 and <= 0x2B81F)
                or (>= 0x2B920 and <= 0x2CEAF)
                or (>= 0x2F800 and <= 0x2FA1F);

    // Symbols (So) with property Other_Alphabetic: circled, squared and negative Latin letters.
    private static bool IsAlphabeticSymbol(int rune) =>
        rune is (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
