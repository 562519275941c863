using System.Buffers;

namespace Serverless.Media.Text;

/// <summary>A line of a text, without what ends it.</summary>
/// <param name="Next">Where the following line starts; the length of the text where none follows.</param>
internal readonly record struct TextLine(int Start, int End, int Next);

/// <summary>Lines as Unicode ends them (UAX #14, classes BK, CR, LF and NL).</summary>
internal static class TextLines
{
    public static readonly SearchValues<char> Ends = SearchValues.Create("\n\r\u000B\f\u0085\u2028\u2029");

    public static TextLine At(string text, int start)
    {
        int length = text.AsSpan(start).IndexOfAny(Ends);
        return length < 0
            ? new TextLine(start, text.Length, text.Length)
            : new TextLine(start, start + length, After(text, start + length));
    }

    /// <summary>Where the line after the one that ends at a place starts.</summary>
    public static int After(string text, int end) =>
        text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? end + 2 : end + 1;
}
