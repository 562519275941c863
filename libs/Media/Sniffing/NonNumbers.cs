using System.Buffers;

namespace Serverless.Media.Sniffing;

/// <summary>NaN and the infinities, which Python writes into JSON although JSON has none (RFC 8259 §6).</summary>
internal static class NonNumbers
{
    private static readonly SearchValues<byte> Starts = SearchValues.Create("\"NI"u8);

    /// <summary>Puts a zero of the same length in the place of each outside strings; returns how many there were.</summary>
    public static int Blank(Span<byte> json)
    {
        int found = 0;
        for (int at = 0, next; (next = json[at..].IndexOfAny(Starts)) >= 0; )
        {
            at += next;
            if (json[at] == '"')
            {
                at = AfterString(json, at + 1);
                continue;
            }
            bool isNegative = at > 0 && json[at - 1] == '-';
            int start = isNegative ? at - 1 : at;
            int length = LengthAt(json[at..]);
            int end = at + length;
            if (length > 0 && (start == 0 || IsBetween(json[start - 1])) && (end == json.Length || IsBetween(json[end])))
            {
                json[start..end].Fill((byte)' ');
                json[start] = (byte)'0';
                found++;
            }
            at = Math.Max(end, at + 1);
        }
        return found;
    }

    private static int LengthAt(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? 3
        : json.StartsWith("Infinity"u8) ? 8
        : 0;

    private static bool IsBetween(byte b) =>
        b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)':' or (byte)',' or (byte)'[' or (byte)']' or (byte)'}';

    private static int AfterString(ReadOnlySpan<byte> json, int at)
    {
        while (at < json.Length && json[at] != '"')
        {
            at += json[at] == '\\' ? 2 : 1;
        }
        return Math.Min(at + 1, json.Length);
    }
}
