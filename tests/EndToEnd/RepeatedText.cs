namespace Serverless.EndToEnd;

/// <summary>A text of any length that is never whole in memory.</summary>
internal sealed class RepeatedText(long length) : Stream
{
    private static readonly byte[] Sentence = "A sentence that goes on and on, as in a very long book. "u8.ToArray();

    private long _position;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        int n = (int)Math.Min(count, length - _position);
        for (int i = 0; i < n; i++)
        {
            buffer[offset + i] = Sentence[(_position + i) % Sentence.Length];
        }
        _position += n;
        return n;
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
