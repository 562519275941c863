using System.Text;

namespace Serverless.Validation.Trials;

/// <summary>The other side wrote a line that is longer than allowed.</summary>
internal sealed class LineTooLongException(int maxChars) : Exception($"a line of more than {maxChars:N0} characters");

/// <summary>Reads lines of bounded length from a process that is not trusted. One reader at a time.</summary>
internal sealed class LineReader(TextReader reader, int maxChars)
{
    private readonly char[] _buffer = new char[32 << 10];
    private int _at,
        _end;

    /// <summary>Null at the end; what stands there without an end of line is no line.</summary>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        StringBuilder line = new();
        while (true)
        {
            int found = _buffer.AsSpan(_at, _end - _at).IndexOf('\n');
            int length = found < 0 ? _end - _at : found;
            if (line.Length + length > maxChars)
            {
                throw new LineTooLongException(maxChars);
            }
            line.Append(_buffer, _at, length);
            _at += length + (found < 0 ? 0 : 1);
            if (found >= 0)
            {
                return line.ToString();
            }
            _end = await reader.ReadAsync(_buffer.AsMemory(), cancellationToken);
            _at = 0;
            if (_end == 0)
            {
                return null;
            }
        }
    }
}
