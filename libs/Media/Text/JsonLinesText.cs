using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Serverless.Media.Text;

/// <summary>The text of JSON lines: of each record the fields whose name says that they hold prose, or all its strings when it has
/// none of these. A line that is no JSON is left out and named.</summary>
internal static class JsonLinesText
{
    private const int MaxWarnings = 100;

    // The exception that tells of a broken line takes about as long as looking at so many characters.
    private const int StepsOfAFault = 4_000;

    private static readonly FrozenSet<string> ProseFields = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "text",
        "title",
        "headline",
        "subtitle",
        "body",
        "content",
        "description",
        "summary",
        "abstract",
        "caption",
        "alt",
        "message",
        "comment",
        "review",
        "question",
        "answer",
        "sentence",
        "paragraph",
        "article",
        "lead",
        "teaser",
        "transcript",
        "quote",
        "bio",
        "note",
        "notes",
        "subject"
    );

    private readonly record struct Field(int TokenStart, int TokenLength, bool IsProse);

    public static ExtractedText Extract(string original, ReadingSteps steps)
    {
        var builder = new ExtractedTextBuilder(original, steps);
        var warnings = new List<string>();
        var fields = new List<Field>();
        int at = 0,
            broken = 0;
        for (int number = 1; at < original.Length; number++)
        {
            int newline = steps.IndexOf(original, '\n', at, original.Length);
            int end = newline < 0 ? original.Length : newline;
            if (!original.AsSpan(at, end - at).IsWhiteSpace())
            {
                if (Fault(original.AsSpan(at, end - at), fields) is not { } fault)
                {
                    AppendFields(builder, original, at, fields);
                }
                else
                {
                    steps.Take(StepsOfAFault);
                    if (++broken <= MaxWarnings)
                    {
                        warnings.Add($"Line {number} (offset {at}) is not a JSON record and was left out: {fault}");
                    }
                }
            }

            at = end + 1;
        }

        if (broken > MaxWarnings)
        {
            warnings.Add($"{broken - MaxWarnings} more lines are not JSON records and were left out.");
        }
        return builder.Build(warnings);
    }

    // Collects the string values of one record, as places in the line.
    private static string? Fault(ReadOnlySpan<char> line, List<Field> fields)
    {
        fields.Clear();
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(line.Length)];
        int length = Encoding.UTF8.GetBytes(line, bytes);
        var reader = new Utf8JsonReader(bytes.AsSpan(0, length), isFinalBlock: true, default);
        try
        {
            int byteAt = 0,
                charAt = 0;
            bool prose = false;
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    prose = ProseFields.Contains(reader.GetString()!);
                }
                if (reader.TokenType != JsonTokenType.String)
                {
                    continue;
                }

                int start = (int)reader.TokenStartIndex + 1;
                charAt += Encoding.UTF8.GetCharCount(bytes, byteAt, start - byteAt);
                int chars = Encoding.UTF8.GetCharCount(reader.ValueSpan);
                fields.Add(new Field(charAt, chars, prose));
                charAt += chars;
                byteAt = start + reader.ValueSpan.Length;
            }

            return null;
        }
        catch (JsonException e)
        {
            return $"byte {e.BytePositionInLine}: {FirstSentence(e.Message)}";
        }
        catch (InvalidOperationException e) // a property name with half a surrogate pair
        {
            return $"byte {reader.TokenStartIndex}: {e.Message}";
        }
    }

    private static string FirstSentence(string message) => message.Split(" LineNumber:", 2)[0];

    private static void AppendFields(ExtractedTextBuilder builder, string original, int lineStart, List<Field> fields)
    {
        bool anyProse = fields.Exists(field => field.IsProse);
        foreach (Field field in fields)
        {
            if (anyProse && !field.IsProse)
            {
                continue;
            }
            Unescape(builder, original, lineStart + field.TokenStart, field.TokenLength);
            builder.Break(lineStart + field.TokenStart + field.TokenLength);
        }
    }

    private static void Unescape(ExtractedTextBuilder builder, string original, int start, int length)
    {
        for (int end = start + length; start < end; )
        {
            int backslash = original.IndexOf('\\', start, end - start);
            builder.Append(start, (backslash < 0 ? end : backslash) - start);
            if (backslash < 0)
            {
                return;
            }

            start = backslash;
            char kind = original[start + 1];
            if (kind == 'u')
            {
                start += Unicode(builder, original, start, end);
            }
            else
            {
                if (kind == 'n' && start + 3 < end && original[start + 2] == '\\' && original[start + 3] == 'n')
                {
                    builder.Break(start); // a blank line
                }
                builder.Append(
                    [
                        kind switch
                        {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            'b' => '\b',
                            'f' => '\f',
                            _ => kind,
                        },
                    ],
                    start,
                    2
                );
                start += 2;
            }
        }
    }

    // \uXXXX, or two of them for one character beyond the first plane.
    private static int Unicode(ExtractedTextBuilder builder, string original, int start, int end)
    {
        char first = Unit(original, start);
        bool pair =
            char.IsHighSurrogate(first)
            && start + 12 <= end
            && original[start + 6] == '\\'
            && original[start + 7] == 'u'
            && char.IsLowSurrogate(Unit(original, start + 6));
        ReadOnlySpan<char> characters =
            pair ? [first, Unit(original, start + 6)]
            : char.IsSurrogate(first) ? ['\uFFFD']
            : [first];
        builder.Append(characters, start, pair ? 12 : 6);
        return pair ? 12 : 6;
    }

    private static char Unit(string original, int escape) => (char)Convert.ToInt32(original.Substring(escape + 2, 4), 16);
}
