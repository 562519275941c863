using System.Buffers;
using System.Text;

namespace Serverless.Media.Sniffing;

/// <summary>The encoding of bytes that may be text. <see cref="Refusal"/> names what else they seem to be.</summary>
internal readonly record struct TextEncodingGuess(Encoding? Encoding, int PreambleBytes, string? Refusal)
{
    private static readonly SearchValues<byte> Controls = SearchValues.Create([
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        0x0E,
        0x0F,
        0x10,
        0x11,
        0x12,
        0x13,
        0x14,
        0x15,
        0x16,
        0x17,
        0x18,
        0x19,
        0x1A,
        0x1C,
        0x1D,
        0x1E,
        0x1F,
        0x7F,
    ]);

    /// <param name="complete">False when more bytes follow, so that a character cut at the end is no fault.</param>
    public static TextEncodingGuess Of(ReadOnlySpan<byte> head, bool complete)
    {
        if (head.StartsWith<byte>([0xFF, 0xFE, 0, 0]) || head.StartsWith<byte>([0, 0, 0xFE, 0xFF]))
        {
            return Refuse("text in UTF-32");
        }
        if (head.StartsWith<byte>([0xFF, 0xFE]))
        {
            return new(Encoding.Unicode, 2, null);
        }
        if (head.StartsWith<byte>([0xFE, 0xFF]))
        {
            return new(Encoding.BigEndianUnicode, 2, null);
        }
        if (head.StartsWith<byte>([0x84, 0x31, 0x95, 0x33]))
        {
            return Refuse("text in GB18030");
        }

        int preamble = head.StartsWith<byte>([0xEF, 0xBB, 0xBF]) ? 3 : 0;
        if (preamble == 0 && WideWithoutMark(head) is { } wide)
        {
            return Refuse(wide);
        }
        if ((head.IndexOf("\u001b$B"u8) >= 0 || head.IndexOf("\u001b$@"u8) >= 0) && Ascii.IsValid(head))
        {
            return Refuse("text in ISO-2022-JP");
        }
        if (head.IndexOfAny(Controls) is >= 0 and int control)
        {
            return new(null, 0, $"binary data of no known type (control byte 0x{head[control]:X2} at offset {control})");
        }

        int invalid = Utf8Faults.FirstInvalid(head, complete);
        return invalid < 0 ? new(Encoding.UTF8, preamble, null) : Refuse(NameInvalid(head, invalid));
    }

    private static string NameInvalid(ReadOnlySpan<byte> head, int invalidAt)
    {
        string where = $"byte 0x{head[invalidAt]:X2} at offset {invalidAt} is not UTF-8";
        return DeclaredEncoding.Find(head) is { } declared
            ? $"text in {declared}, as it declares ({where})"
            : $"text that is neither UTF-8 nor marked as UTF-16 ({where})";
    }

    // Refused, but known to be text of some kind.
    private static TextEncodingGuess Refuse(string found) => new(Encoding.UTF8, 0, found);

    // Latin text in UTF-16 has a zero in every second byte, in UTF-32 in three of four.
    private static string? WideWithoutMark(ReadOnlySpan<byte> head)
    {
        int length = Math.Min(head.Length, 1024) & ~3;
        if (length < 8)
        {
            return null;
        }

        Span<int> zeros = stackalloc int[4];
        zeros.Clear();
        for (int i = 0; i < length; i++)
        {
            if (head[i] == 0)
            {
                zeros[i & 3]++;
            }
            else if (Controls.Contains(head[i]))
            {
                return null; // small numbers, rather than letters
            }
        }

        int quarter = length / 4;
        bool Mostly(int count) => count * 10 >= quarter * 9;
        bool Rarely(int count) => count * 10 <= quarter;
        bool z0 = Mostly(zeros[0]),
            z1 = Mostly(zeros[1]),
            z2 = Mostly(zeros[2]),
            z3 = Mostly(zeros[3]);
        if (z1 && z2 && z3 && Rarely(zeros[0]))
        {
            return "text in UTF-32 without byte order mark";
        }
        if (z0 && z1 && z2 && Rarely(zeros[3]))
        {
            return "text in UTF-32 without byte order mark";
        }
        if (z1 && z3 && Rarely(zeros[0]) && Rarely(zeros[2]))
        {
            return "text in UTF-16 LE without byte order mark";
        }
        if (z0 && z2 && Rarely(zeros[1]) && Rarely(zeros[3]))
        {
            return "text in UTF-16 BE without byte order mark";
        }
        return null;
    }
}
