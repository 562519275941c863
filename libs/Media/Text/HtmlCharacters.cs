using System.Net;
using System.Text;

namespace Serverless.Media.Text;

/// <summary>Text between tags with its character references decoded (WHATWG HTML §13.2.5.72 ff.).</summary>
internal static class HtmlCharacters
{
    private const int LongestName = 32;

    // Numbers 0x80..0x9F mean Windows-1252 there, whatever Unicode says.
    private const string Windows1252 = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009Džÿ";

    public static void Append(ExtractedTextBuilder builder, string html, int start, int end)
    {
        while (start < end)
        {
            int ampersand = html.IndexOf('&', start, end - start);
            int plainEnd = ampersand < 0 ? end : ampersand;
            builder.Append(start, plainEnd - start);
            if (ampersand < 0)
            {
                return;
            }

            ReadOnlySpan<char> reference = html.AsSpan(ampersand, Math.Min(LongestName, end - ampersand));
            int length = Decode(reference, out string decoded);
            if (length == 0)
            {
                builder.Append(ampersand, 1);
            }
            else
            {
                builder.Append(decoded, ampersand, length);
            }
            start = ampersand + Math.Max(length, 1);
        }
    }

    /// <summary>Length of the reference at the start of the text; zero if it is none.</summary>
    private static int Decode(ReadOnlySpan<char> text, out string decoded)
    {
        int length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || (text[length] == '#' && length == 1)))
        {
            length++;
        }
        bool terminated = length < text.Length && text[length] == ';';
        if (length > 2 && text[1] == '#' && Number(text[2..length]) is { } number)
        {
            decoded = number;
            return terminated ? length + 1 : length;
        }

        if (terminated)
        {
            string source = text[..(length + 1)].ToString();
            decoded = WebUtility.HtmlDecode(source);
            return decoded == source ? 0 : length + 1;
        }

        foreach (string old in (ReadOnlySpan<string>)["&nbsp", "&quot", "&copy", "&amp", "&reg", "&lt", "&gt"]) // valid without a semicolon
        {
            if (!text[..length].StartsWith(old, StringComparison.Ordinal))
            {
                continue;
            }
            decoded = WebUtility.HtmlDecode(old + ";");
            return old.Length;
        }

        decoded = "";
        return 0;
    }

    private static string? Number(ReadOnlySpan<char> digits)
    {
        bool hex = digits[0] is 'x' or 'X';
        bool parsed = hex
            ? int.TryParse(digits[1..], System.Globalization.NumberStyles.AllowHexSpecifier, null, out int code)
            : int.TryParse(digits, System.Globalization.NumberStyles.None, null, out code);
        if (!parsed)
        {
            return null;
        }
        if (code is >= 0x80 and <= 0x9F)
        {
            return Windows1252[code - 0x80].ToString();
        }
        return Rune.IsValid(code) && code != 0 ? new Rune(code).ToString() : "\uFFFD";
    }
}
