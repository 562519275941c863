using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>Writes each byte of the text's UTF-8 form as a character of the <see cref="ByteAlphabet"/>.</summary>
internal static class ByteRewriter
{
    /// <summary>Exchanges units in place if the text is ASCII; else does nothing and returns false.</summary>
    public static bool TryRewriteAscii(Span<char> units)
    {
        if (!Ascii.IsValid(units))
        {
            return false;
        }
        int i = 0;
        while (true)
        {
            int next = units[i..].IndexOfAnyExceptInRange('!', '~');
            if (next < 0)
            {
                return true;
            }
            i += next;
            units[i] = ByteAlphabet.ToChar((byte)units[i]);
            i++;
        }
    }

    /// <summary>Rewrites the rune to be read next.</summary>
    public static void RewriteRune(MappedText text)
    {
        char unit = text.Text[text.ReadPosition];
        if (unit < 0x80)
        {
            text.ReplaceUnit(ByteAlphabet.ToChar((byte)unit));
            return;
        }
        Rune.DecodeFromUtf16(text.Text[text.ReadPosition..], out Rune rune, out _);
        Span<byte> bytes = stackalloc byte[4];
        int count = rune.EncodeToUtf8(bytes);
        text.Replace(new Rune(ByteAlphabet.ToChar(bytes[0])));
        foreach (byte value in bytes[1..count])
        {
            text.InsertAfter(new Rune(ByteAlphabet.ToChar(value)));
        }
    }
}
