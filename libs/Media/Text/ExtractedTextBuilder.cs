using System.Runtime.InteropServices;
using System.Text;

namespace Serverless.Media.Text;

/// <summary>Collects the readable characters of an original in order, collapses white space, drops invisible characters, and keeps
/// the map. Paragraphs are separated by one line feed.</summary>
internal sealed class ExtractedTextBuilder(string original, ReadingSteps steps)
{
    private readonly StringBuilder _text = new(original.Length);
    private readonly List<TextMap.Run> _runs = [];
    private char _pending; // '\0', ' ' or '\n', written only before a next character
    private int _pendingStart,
        _pendingEnd;

    /// <summary>Takes a part of the original as it stands.</summary>
    public void Append(int start, int length)
    {
        steps.Take(length);
        ReadOnlySpan<char> source = original.AsSpan(start, length);
        int from = 0;
        for (int i = 0; i < source.Length; i++)
        {
            if (!IsSpecial(source[i]))
            {
                continue;
            }

            Verbatim(start + from, i - from);
            from = i + 1;
            if (char.IsWhiteSpace(source[i]))
            {
                Space(start + i, 1);
            }
        }

        Verbatim(start + from, source.Length - from);
    }

    /// <summary>Writes characters that stand for another spelling in the original, such as an entity or an escape.</summary>
    public void Append(ReadOnlySpan<char> characters, int originalStart, int originalLength)
    {
        steps.Take(originalLength);
        foreach (char c in characters)
        {
            if (char.IsWhiteSpace(c))
            {
                Space(originalStart, originalLength);
            }
        }

        ReadOnlySpan<char> visible = characters.Trim();
        if (visible.IsEmpty || (visible.Length == 1 && IsSpecial(visible[0])))
        {
            return;
        }

        Flush(originalStart);
        Add(visible.Length, originalStart, originalLength);
        _text.Append(visible);
    }

    public void Space(int originalStart, int originalLength) => Separate(' ', originalStart, originalLength);

    /// <summary>Ends the paragraph.</summary>
    public void Break(int originalStart) => Separate('\n', originalStart, 0);

    public ExtractedText Build(IReadOnlyList<string>? warnings = null)
    {
        string result = _text.ToString();
        return new ExtractedText(result, new TextMap([.. _runs], result.Length, original.Length), warnings ?? []);
    }

    private void Separate(char separator, int originalStart, int originalLength)
    {
        if (_text.Length == 0)
        {
            return;
        }
        if (_pending == '\0')
        {
            _pendingStart = originalStart;
        }
        _pendingEnd = Math.Max(originalStart + originalLength, _pendingStart);
        if (_pending != '\n')
        {
            _pending = separator;
        }
    }

    private void Flush(int nextStart)
    {
        if (_pending == '\0')
        {
            return;
        }
        Add(1, _pendingStart, Math.Max(0, Math.Min(_pendingEnd, nextStart) - _pendingStart));
        _text.Append(_pending);
        _pending = '\0';
    }

    private void Verbatim(int start, int length)
    {
        if (length <= 0)
        {
            return;
        }
        Flush(start);
        Add(length, start, length);
        _text.Append(original, start, length);
    }

    private void Add(int length, int originalStart, int originalLength)
    {
        if (_runs.Count > 0 && length == originalLength)
        {
            ref TextMap.Run last = ref CollectionsMarshal.AsSpan(_runs)[^1];
            if (last.InStep && last.OriginalStart + last.OriginalLength == originalStart)
            {
                last = last with { Length = last.Length + length, OriginalLength = last.OriginalLength + length };
                return;
            }
        }

        _runs.Add(new TextMap.Run(_text.Length, length, originalStart, originalLength));
    }

    // White space other than a lone space, controls, soft hyphens, zero-width marks and byte order marks. Joiners (ZWJ, ZWNJ) stay:
    // they carry meaning in emoji and in Persian and Indic scripts.
    private static bool IsSpecial(char c) =>
        c <= ' '
        || (
            c >= '\u007F'
            && (char.IsWhiteSpace(c) || char.IsControl(c) || c is '\u00AD' or '\u200B' or '\u2060' or '\uFEFF' or '\uFFFE' or '\uFFFF')
        );
}
