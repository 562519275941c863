using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>BERT's cleaning: controls dropped, white space made spaces, ideographs set apart, accents stripped, lower-cased.</summary>
internal sealed class BertNormalizer : INormalizer
{
    private const char Removed = '\0';
    private const char Special = '\uFFFF'; // becomes several units, or is half of a pair

    private readonly bool _cleansText,
        _splitsIdeographs,
        _stripsAccents,
        _lowercases;
    private readonly UnicodeData _data = UnicodeData.Instance;
    private readonly char[] _map = new char[char.MaxValue + 1];

    public BertNormalizer(bool cleansText, bool splitsIdeographs, bool stripsAccents, bool lowercases)
    {
        _cleansText = cleansText;
        _splitsIdeographs = splitsIdeographs;
        _stripsAccents = stripsAccents;
        _lowercases = lowercases;
        for (int i = 0; i < _map.Length; i++)
        {
            _map[i] = MapUnit((char)i);
        }
    }

    private char MapUnit(char unit)
    {
        if (unit == Special || char.IsSurrogate(unit) || (unit == Removed && !_cleansText))
        {
            return Special;
        }
        Span<Rune> result = stackalloc Rune[MaxRunes];
        return Expand(new Rune(unit), result) switch
        {
            0 => Removed,
            1 when result[0].IsBmp => (char)result[0].Value,
            _ => Special,
        };
    }

    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        int done = MapInPlace(text.Units);
        if (done == text.Length)
        {
            return;
        }
        text.BeginRewrite();
        text.Copy(done);
        Span<Rune> parts = stackalloc Rune[MaxRunes];
        while (text.ReadPosition < text.Length)
        {
            char mapped = _map[text.Text[text.ReadPosition]];
            if (mapped is not (Removed or Special))
            {
                text.ReplaceUnit(mapped);
            }
            else if (mapped == Removed)
            {
                text.Skip(1);
            }
            else
            {
                Rewrite(text, parts);
            }
        }
        text.EndRewrite();
    }

    /// <summary>Goes as far as units map to single units; runs of printable ASCII are done as vectors.</summary>
    private int MapInPlace(Span<char> units)
    {
        int i = 0;
        while (i < units.Length)
        {
            int printable = units[i..].IndexOfAnyExceptInRange(' ', '~');
            int end = printable < 0 ? units.Length : i + printable;
            if (_lowercases)
            {
                Ascii.ToLowerInPlace(units[i..end], out _);
            }
            for (i = end; i < units.Length && units[i] is < ' ' or > '~'; i++)
            {
                char mapped = _map[units[i]];
                if (mapped is Removed or Special)
                {
                    return i;
                }
                units[i] = mapped;
            }
        }
        return i;
    }

    private void Rewrite(MappedText text, Span<Rune> parts)
    {
        Rune.DecodeFromUtf16(text.Text[text.ReadPosition..], out Rune rune, out _);
        int count = Expand(rune, parts);
        if (count == 0)
        {
            text.SkipRune();
            return;
        }
        text.Replace(parts[0]);
        foreach (Rune part in parts[1..count])
        {
            text.InsertAfter(part);
        }
    }

    private const int MaxRunes = 24; // the longest canonical decomposition has 4, lower-casing doubles at most, 2 spaces

    private int Expand(Rune rune, Span<Rune> result)
    {
        if (_cleansText && !TryClean(ref rune))
        {
            return 0;
        }
        int count = 0;
        bool isApart = _splitsIdeographs && (CharClasses.Of(rune) & CharClass.Ideograph) != 0;
        if (isApart)
        {
            result[count++] = new Rune(' ');
        }
        Span<Rune> parts = stackalloc Rune[MaxRunes];
        int partCount = _stripsAccents ? _data.Decompose(rune, compatible: false, parts) : 0;
        if (partCount == 0)
        {
            parts[partCount++] = rune;
        }
        foreach (Rune part in parts[..partCount])
        {
            if (_stripsAccents && (CharClasses.Of(part) & CharClass.NonspacingMark) != 0)
            {
                continue;
            }
            if (_lowercases)
            {
                count += Lowercase.Expand(part, result[count..]);
            }
            else
            {
                result[count++] = part;
            }
        }
        if (isApart)
        {
            result[count++] = new Rune(' ');
        }
        return count;
    }

    private static bool TryClean(ref Rune rune)
    {
        CharClass found = CharClasses.Of(rune);
        bool isLayout = rune.Value is '\t' or '\n' or '\r';
        if (rune.Value is 0 or 0xFFFD || (!isLayout && (found & CharClass.Other) != 0))
        {
            return false;
        }
        if ((found & CharClass.Space) != 0)
        {
            rune = new Rune(' ');
        }
        return true;
    }
}
