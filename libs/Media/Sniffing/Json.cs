using System.Text;
using System.Text.Json;

namespace Serverless.Media.Sniffing;

/// <summary>Tells JSON lines, which are read, from JSON documents, which are not.</summary>
internal static class Json
{
    public static MediaVerdict? Classify(string text, bool complete)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.IsEmpty || start[0] is not ('{' or '['))
        {
            return null;
        }

        int lineEnd = start.IndexOf('\n');
        ReadOnlySpan<char> line = lineEnd < 0 ? start : start[..lineEnd];
        bool lineIsWhole = lineEnd >= 0 || complete;
        if (start[0] == '{' && (lineIsWhole ? IsValue(line, whole: true) : IsValue(line, whole: false)))
        {
            return MediaVerdict.Accept(MediaKind.Text, "application/jsonl");
        }

        return IsValue(start, whole: complete)
            ? MediaVerdict.Refuse("application/json", "a JSON document that is not one record per line")
            : null;
    }

    private static bool IsValue(ReadOnlySpan<char> text, bool whole)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        int length = Encoding.UTF8.GetBytes(text, bytes);
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
