namespace Serverless.Tokenizers.PreTokenizers;

/// <summary>
/// The printable characters that byte-level vocabularies write bytes as (GPT-2's bytes_to_unicode): Latin-1's own where printable, else
/// U+0100 and on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] OfByte = Build();

    /// <summary>What a space is written as.</summary>
    public const char Space = '\u0120';

    public static char ToChar(byte value) => OfByte[value];

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
}
