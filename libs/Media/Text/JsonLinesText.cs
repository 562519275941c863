using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Serverless.Media.Sniffing;

namespace Serverless.Media.Text;

/// <summary>The text of JSON lines: of each record the fields whose name says that they hold prose, or all its strings when it has
/// none of these. A line that is no JSON is left out and named.</summary>
internal sealed class JsonLinesText
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

    private readonly string _original;
    private readonly ReadingSteps _steps;
    private readonly ExtractedTextBuilder _builder;
    private readonly List<Field> _fields = []; // of the record that is being read
    private readonly List<string> _warnings = [];
    private int _brokenLines;
    private int _linesWithNonNumbers;
    private string _firstNonNumber = "";

    private JsonLinesText(string original, ReadingSteps steps)
    {
        (_original, _steps) = (original, steps);
        _builder = new ExtractedTextBuilder(original, steps);
    }

    public static ExtractedText Extract(string original, ReadingSteps steps)
    {
        var lines = new JsonLinesText(original, steps);
        for (int at = 0, number = 1; at < original.Length; number++)
        {
            int newline = steps.IndexOf(original, '\n', at, original.Length);
            int end = newline < 0 ? original.Length : newline;
            if (!original.AsSpan(at, end - at).IsWhiteSpace())
            {
                lines.Read(number, at, end);
            }
            at = end + 1;
        }
        return lines._builder.Build(lines.Warnings());
    }

    private void Read(int number, int start, int end)
    {
        if (Fault(_original.AsSpan(start, end - start), out bool hasNonNumbers) is { } fault)
        {
            _steps.Take(StepsOfAFault);
            if (++_brokenLines <= MaxWarnings)
            {
                _warnings.Add($"Line {number} (offset {start}) is not a JSON record and was left out: {fault}");
            }
            return;
        }

        AppendFields(start);
        if (hasNonNumbers && _linesWithNonNumbers++ == 0)
        {
            _firstNonNumber = $"line {number} (offset {start})";
        }
    }

    private List<string> Warnings()
    {
        if (_brokenLines > MaxWarnings)
        {
            _warnings.Add($"{_brokenLines - MaxWarnings:N0} more lines are not JSON records and were left out.");
        }
        if (_linesWithNonNumbers > 0)
        {
            _warnings.Add(
                $"NaN or Infinity, which JSON does not have, was read as null in {_linesWithNonNumbers:N0} lines; the first is "
                    + $"{_firstNonNumber}."
            );
        }
        return _warnings;
    }

    // Collects the string values of one record, as places in the line.
    private string? Fault(ReadOnlySpan<char> line, out bool hasNonNumbers)
    {
        _fields.Clear();
        byte[] bytes = new byte[Encoding.UTF8.GetMaxByteCount(line.Length)];
        int length = Encoding.UTF8.GetBytes(line, bytes);
        hasNonNumbers = NonNumbers.Blank(bytes.AsSpan(0, length)) > 0;
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
                _fields.Add(new Field(charAt, chars, prose));
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

    private void AppendFields(int lineStart)
    {
        bool anyProse = _fields.Exists(field => field.IsProse);
        foreach (Field field in _fields)
        {
            if (anyProse && !field.IsProse)
            {
                continue;
            }
            Unescape(lineStart + field.TokenStart, field.TokenLength);
            _builder.Break(lineStart + field.TokenStart + field.TokenLength);
        }
    }

    private void Unescape(int start, int length)
    {
        for (int end = start + length; start < end; )
        {
            int backslash = _original.IndexOf('\\', start, end - start);
            _builder.Append(start, (backslash < 0 ? end : backslash) - start);
            if (backslash < 0)
            {
                return;
            }

            start = backslash;
            char kind = _original[start + 1];
            if (kind == 'u')
            {
                start += Unicode(start, end);
            }
            else
            {
                if (kind == 'n' && start + 3 < end && _original[start + 2] == '\\' && _original[start + 3] == 'n')
                {
                    _builder.Break(start); // a blank line
                }
                _builder.Append(
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
    private int Unicode(int start, int end)
    {
        char first = Unit(start);
        bool pair =
            char.IsHighSurrogate(first)
            && start + 12 <= end
            && _original[start + 6] == '\\'
            && _original[start + 7] == 'u'
            && char.IsLowSurrogate(Unit(start + 6));
        ReadOnlySpan<char> characters =
            pair ? [first, Unit(start + 6)]
            : char.IsSurrogate(first) ? ['\uFFFD']
            : [first];
        _builder.Append(characters, start, pair ? 12 : 6);
        return pair ? 12 : 6;
    }

    private char Unit(int escape) => (char)Convert.ToInt32(_original.Substring(escape + 2, 4), 16);
}
