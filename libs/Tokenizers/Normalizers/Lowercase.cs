using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>Unicode's lower case, rune by rune, without a language and without the rule for final sigma.</summary>
internal sealed class Lowercase : INormalizer
{
    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        if (MapInPlace(text.Units))
        {
            return;
        }
        text.BeginRewrite();
        Span<Rune> parts = stackalloc Rune[2];
        while (text.ReadPosition < text.Length)
        {
            Rune.DecodeFromUtf16(text.Text[text.ReadPosition..], out Rune rune, out _);
            int count = Expand(rune, parts);
            text.Replace(parts[0]);
            if (count == 2)
            {
                text.InsertAfter(parts[1]);
            }
        }
        text.EndRewrite();
    }

    /// <summary>The lower case of a rune into <paramref name="result"/>; only U+0130 has two.</summary>
    public static int Expand(Rune rune, Span<Rune> result)
    {
        if (rune.Value == 0x130)
        {
            result[0] = new Rune('i');
            result[1] = new Rune(0x307);
            return 2;
        }
        result[0] = Rune.ToLowerInvariant(rune);
        return 1;
    }

    /// <summary>False as soon as a pair or U+0130 is met; what was lowered until then may be lowered again.</summary>
    private static bool MapInPlace(Span<char> units)
    {
        int i = 0;
        while (i < units.Length)
        {
            int ascii = units[i..].IndexOfAnyExceptInRange('\0', '\x7F');
            int end = ascii < 0 ? units.Length : i + ascii;
            Ascii.ToLowerInPlace(units[i..end], out _);
            for (i = end; i < units.Length && units[i] > '\x7F'; i++)
            {
                if (char.IsSurrogate(units[i]) || units[i] == '\u0130')
                {
                    return false;
                }
                units[i] = char.ToLowerInvariant(units[i]);
            }
        }
        return true;
    }
}
