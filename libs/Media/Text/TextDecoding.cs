using System.Text;
using Serverless.Media.Sniffing;

namespace Serverless.Media.Text;

/// <summary>Bytes → text: UTF-8 with or without mark, UTF-16 with mark; anything else is refused by name, with the place.</summary>
internal static class TextDecoding
{
    public static (string Text, string Encoding) Decode(ReadOnlySpan<byte> bytes)
    {
        TextEncodingGuess guess = TextEncodingGuess.Of(bytes, complete: true);
        if (guess.Refusal is not null)
        {
            throw new MediaRejectedException(MediaFault.Unsupported, $"Found {guess.Refusal}; {MediaVerdict.Allowed}.");
        }

        Encoding encoding = guess.Encoding!;
        ReadOnlySpan<byte> body = bytes[guess.PreambleBytes..];
        if (encoding is UTF8Encoding)
        {
            return (encoding.GetString(body), encoding.WebName);
        }

        if (body.Length % 2 != 0)
        {
            throw new MediaRejectedException(
                $"Found {encoding.WebName} text of {body.Length:N0} bytes, an odd number; its last character is cut."
            );
        }
        string text = encoding.GetString(body);
        int bad = FirstLoneSurrogate(body, encoding == Encoding.BigEndianUnicode);
        if (bad >= 0)
        {
            throw new MediaRejectedException(
                $"Found {encoding.WebName} text with half a surrogate pair at byte {bad + guess.PreambleBytes:N0}; allowed is valid UTF-16."
            );
        }
        int zero = text.IndexOf('\0');
        if (zero >= 0)
        {
            throw new MediaRejectedException(
                $"Found {encoding.WebName} text with a NUL character at byte {(zero * 2) + guess.PreambleBytes:N0}; allowed is "
                    + $"text without control characters."
            );
        }
        return (text, encoding.WebName);
    }

    private static int FirstLoneSurrogate(ReadOnlySpan<byte> body, bool bigEndian)
    {
        char At(ReadOnlySpan<byte> b, int i) => (char)(bigEndian ? (b[i] << 8) | b[i + 1] : (b[i + 1] << 8) | b[i]);
        for (int i = 0; i < body.Length; i += 2)
        {
            char c = At(body, i);
            if (!char.IsSurrogate(c))
            {
                continue;
            }
            if (!char.IsHighSurrogate(c) || i + 3 >= body.Length || !char.IsLowSurrogate(At(body, i + 2)))
            {
                return i;
            }
            i += 2;
        }

        return -1;
    }
}
