using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Media.Sniffing;

/// <summary>Names the encoding that text most likely has when it is not UTF-8. Only for messages: nothing is decoded by a guess.</summary>
internal static partial class LegacyEncodings
{
    public static string Describe(ReadOnlySpan<byte> bytes, int invalidAt)
    {
        string where = $"byte 0x{bytes[invalidAt]:X2} at offset {invalidAt} is not UTF-8";
        if (Declared(bytes) is { } declared) return $"text in {declared}, as it declares ({where})";
        string? name = Guess(bytes);
        return name is null ? $"text that is not valid UTF-8 ({where})" : $"text in {name}, it seems ({where})";
    }

    /// <summary>What a page says of itself near its start, if that is not UTF-8.</summary>
    private static string? Declared(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationBytes)]);
        Match declaration = Declaration().Match(start);
        return declaration.Success && !declaration.Groups[1].ValueSpan.StartsWith("utf-8", StringComparison.OrdinalIgnoreCase) ? declaration.Groups[1].Value : null;
    }

    // As browsers look for it: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
    private const int DeclarationBytes = 1024;

    [GeneratedRegex("""<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();

    private static string? Guess(ReadOnlySpan<byte> bytes)
    {
        Shape shape = Measure(bytes);
        if (shape.ValidMultibyte > 0) return null; // UTF-8 with damage
        if (shape.High == 0) return null;

        // Kana, punctuation and the common characters lead with 81..9F, which Latin-1 has not; a quotation mark of Windows among letters is no Japanese.
        if (shape.ShiftJis > 0.98 && shape.Pairs < 0.9 * shape.High && shape.C1 > 0.3 * shape.High && 2 * shape.High > shape.AsciiLetters) return "Shift-JIS";
        if (shape.Pairs > 0.98 * shape.High && shape.High >= 8) return "GB18030, Big5, EUC-JP or EUC-KR";
        if (shape.Cyrillic > 0.85 * shape.High && shape.High > shape.AsciiLetters) return "Windows-1251 or KOI8-R";
        if (shape.C1 == 0) return "Latin-1 or another of the ISO-8859 family";
        return "Windows-1252 or another Windows code page";
    }

    private readonly record struct Shape(int High, int C1, int Cyrillic, int AsciiLetters, int Pairs, int ValidMultibyte, double ShiftJis);

    private static Shape Measure(ReadOnlySpan<byte> bytes)
    {
        int high = 0, c1 = 0, cyrillic = 0, letters = 0, valid = 0, pairs = 0, sjisGood = 0, sjisAll = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte b = bytes[i];
            if (b < 0x80)
            {
                if (char.IsAsciiLetter((char)b)) letters++;
                continue;
            }

            high++;
            if (b < 0xA0) c1++;
            if (b is >= 0xC0 or 0xA8 or 0xB8) cyrillic++;
        }

        for (int i = 0; i < bytes.Length;) // double-byte sets write high bytes in pairs
        {
            bool pair = bytes[i] >= 0xA1 && i + 1 < bytes.Length && bytes[i + 1] >= 0xA1;
            if (pair) pairs += 2;
            i += pair ? 2 : 1;
        }

        for (int i = 0; i < bytes.Length;) // lead bytes 81..9F and E0..FC, then a trail byte; A1..DF are half-width kana
        {
            byte b = bytes[i];
            bool lead = b is >= 0x81 and <= 0x9F or >= 0xE0 and <= 0xFC;
            if (b >= 0x80) sjisAll++;
            if (lead && i + 1 < bytes.Length && bytes[i + 1] is >= 0x40 and <= 0xFC and not 0x7F) sjisGood++;
            i += lead ? 2 : 1;
        }

        for (int i = 0; i < bytes.Length;)
        {
            bool done = Rune.DecodeFromUtf8(bytes[i..], out _, out int consumed) == System.Buffers.OperationStatus.Done;
            if (done && consumed > 2) valid++; // two-byte sequences also arise by chance in Latin-1
            i += Math.Max(consumed, 1);
        }

        return new(high, c1, cyrillic, letters, pairs, valid, sjisAll == 0 ? 0 : (double)sjisGood / sjisAll);
    }
}
