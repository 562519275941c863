using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// Free text in request headers. The Functions host fails a request that has a header with a character beyond ASCII, so that such text
/// comes percent-encoded in UTF-8 (RFC 3986, 2.1): "Ana L%C3%B3pez". Text without '%' stands for itself.
/// </summary>
internal static class HeaderText
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="RequestProblem">A header has a character beyond ASCII.</exception>
    public static void CheckHeaders(HttpRequest request)
    {
        foreach ((string header, StringValues values) in request.Headers)
        {
            foreach (string? value in values)
            {
                CheckAscii(header, value);
            }
        }
    }

    /// <exception cref="RequestProblem">An escape is cut short, is no hexadecimal number, or gives bytes that are no UTF-8.</exception>
    public static string Decode(string header, string value)
    {
        CheckAscii(header, value);
        if (!value.Contains('%', StringComparison.Ordinal))
        {
            return value;
        }
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(value.Length)];
        int count = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool isEscape = value[i] == '%';
            if (isEscape && !(i + 2 < value.Length && char.IsAsciiHexDigit(value[i + 1]) && char.IsAsciiHexDigit(value[i + 2])))
            {
                throw Malformed(header, $"'%' at character {i + 1} is not followed by two hexadecimal digits");
            }
            bytes[count++] = isEscape ? Convert.FromHexString(value.AsSpan(i + 1, 2))[0] : (byte)value[i];
            i += isEscape ? 2 : 0;
        }
        try
        {
            return StrictUtf8.GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException e)
        {
            throw Malformed(header, $"byte {e.Index + 1} of what it encodes is no UTF-8");
        }
    }

    private static void CheckAscii(string header, string? value)
    {
        if (!Ascii.IsValid(value))
        {
            throw RequestProblem.BadRequest(
                $"The header {header} has a character beyond ASCII; such text is sent percent-encoded in UTF-8, for instance L%C3%B3pez."
            );
        }
    }

    private static RequestProblem Malformed(string header, string fault) =>
        RequestProblem.BadRequest($"The header {header} is not percent-encoded UTF-8: {fault}. A plain '%' is written %25.");
}
