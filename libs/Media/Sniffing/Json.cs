using System.Text;
using System.Text.Json;

namespace Serverless.Media.Sniffing;

/// <summary>Tells JSON lines, which are read, from JSON documents, which are not.</summary>
internal static class Json
{
    // A broken first record does not make prose of the others.
    private const int LinesTried = 16;

    public static MediaVerdict? Classify(string text, bool complete)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '['))
        {
            return null;
        }
        if (start[0] == '{' && HasRecords(start, complete))
        {
            return MediaVerdict.Accept(MediaKind.Text, "application/jsonl");
        }
        return IsValue(start, whole: complete)
            ? MediaVerdict.Refuse("application/json", "a JSON document that is not one record per line")
            : null;
    }

    /// <summary>Whether at least half of the first lines are records.</summary>
    private static bool HasRecords(ReadOnlySpan<char> text, bool complete)
    {
        int lines = 0,
            records = 0;
        while (!text.IsEmpty && lines < LinesTried)
        {
            int end = text.IndexOf('\n');
            bool isWhole = end >= 0 || complete;
            if (!isWhole && lines > 0)
            {
                break;
            }
            ReadOnlySpan<char> line = (end < 0 ? text : text[..end]).Trim();
            text = end < 0 ? default : text[(end + 1)..];
            if (!line.IsEmpty)
            {
                lines++;
                records += line[0] == '{' && IsValue(line, isWhole) ? 1 : 0;
            }
        }
        return records > 0 && records * 2 >= lines;
    }

    private static bool IsValue(ReadOnlySpan<char> text, bool whole)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = Encoding.UTF8.GetBytes(text, bytes);
        NonNumbers.Blank(bytes.AsSpan(0, length));
        try
        {
            var reader = new Utf8JsonReader(bytes.AsSpan(0, length), whole, default);
            int tokens = 0;
            while (reader.Read())
            {
                tokens++;
            }
            return tokens >= 2;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
