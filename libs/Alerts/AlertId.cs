using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Alerts;

/// <summary>Ids that sort by time and are the same for the same thing at the same time.</summary>
internal static class AlertId
{
    public static string Of(DateTimeOffset time, string name) =>
        $"{time.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}-"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];

    public static bool IsId(string text) =>
        text is { Length: 27 }
        && text[8] == 'T'
        && text[18] == '-'
        && text.Where((_, i) => i is not (8 or 18)).All(char.IsAsciiHexDigitLower);
}
