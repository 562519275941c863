using System.Text;

namespace Serverless.Media.Metadata;

/// <summary>Text in bytes whose encoding nobody told: most writers of today use UTF-8, those of yesterday Latin-1.</summary>
internal static class ToldBytes
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
