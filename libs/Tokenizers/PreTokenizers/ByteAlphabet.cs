namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>The printable characters that byte-level vocabularies write bytes as (GPT-2's bytes_to_unicode): Latin-1's own where printable, else U+0100 and on.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] OfByte = Build();
    private static readonly short[] OfChar = Invert();

    /// <summary>What a space is written as.</summary>
    public const char Space = '\u0120';

    public static char ToChar(byte value) => OfByte[value];

    public static bool TryGetByte(char unit, out byte value)
    {
        short found = unit < OfChar.Length ? OfChar[unit] : (short)-1;
        value = (byte)found;
        return found >= 0;
    }

    private static char[] Build()
    {
        var chars = new char[256];
        char next = '\u0100';
        for (int i = 0; i < chars.Length; i++)
        {
            bool isPrintable = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[i] = isPrintable ? (char)i : next++;
        }
        return chars;
    }

    private static short[] Invert()
    {
        var bytes = new short[0x144];
        Array.Fill(bytes, (short)-1);
        for (int i = 0; i < OfByte.Length; i++)
            bytes[OfByte[i]] = (short)i;
        return bytes;
    }
}
