using System.Globalization;
using System.Text;

namespace Serverless.Tokenizers.Decoders;

/// <summary>Joins runs of byte tokens (&lt;0xE2&gt;) into characters; each byte of a run that is no UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteFallbackDecoder : IDecoder
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    public void Decode(List<string> parts)
    {
        var result = new List<string>();
        var run = new List<byte>();
        foreach (string part in parts)
        {
            if (TryReadByte(part, out byte value))
            {
                run.Add(value);
                continue;
            }
            EndRun(run, result);
            result.Add(part);
        }
        EndRun(run, result);
        parts.Clear();
        parts.AddRange(result);
    }

    private static bool TryReadByte(string part, out byte value)
    {
        value = 0;
        return part is ['<', '0', 'x', _, _, '>'] && byte.TryParse(part.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }

    private static void EndRun(List<byte> run, List<string> result)
    {
        if (run.Count == 0)
            return;
        try
        {
            result.Add(StrictUtf8.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            result.AddRange(run.Select(_ => "\uFFFD"));
        }
        run.Clear();
    }
}
