using System.Text;
using System.Text.RegularExpressions;

namespace Serverless.Media.Sniffing;

/// <summary>Finds the encoding that a page declares for itself. Only for messages: nothing is decoded by it.</summary>
internal static partial class DeclaredEncoding
{
    // As browsers look for it: https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding
    private const int DeclarationBytes = 1024;

    /// <summary>Null where the start declares none, or UTF-8.</summary>
    public static string? Find(ReadOnlySpan<byte> bytes)
    {
        string start = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, DeclarationBytes)]);
        Match declaration = Declaration().Match(start);
        bool isOther = declaration.Success && !declaration.Groups[1].ValueSpan.StartsWith("utf-8", StringComparison.OrdinalIgnoreCase);
        return isOther ? declaration.Groups[1].Value : null;
    }

    [GeneratedRegex(
        """<(?:meta\b[^>]*\bcharset|\?xml\b[^>]*\bencoding)\s*=\s*["']?([A-Za-z0-9_:.-]{2,40})""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex Declaration();
}
