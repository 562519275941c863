namespace Serverless.Unit.Storage;

/// <summary>Content of any length that is known byte by byte without being kept; on demand it breaks in the middle.</summary>
internal sealed class PatternStream(long length, long breakAt = long.MaxValue) : Stream
{
    private long _position;

    public static async Task<long> VerifyAsync(Stream content, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[1 << 16];
        byte[] expected = new byte[1 << 16];
        PatternStream pattern = new(long.MaxValue);
        long total = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            pattern.ReadExactly(expected.AsSpan(0, read));
            if (!expected.AsSpan(0, read).SequenceEqual(buffer.AsSpan(0, read)))
            {
                throw new InvalidDataException($"The content differs in the {read} bytes from {total} on.");
            }
            total += read;
        }
        return total;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_position >= breakAt)
        {
            throw new IOException($"Broken at byte {_position}, as asked.");
        }
        int count = (int)Math.Min(buffer.Length, length - _position);
        for (int i = 0; i < count; i++)
        {
            buffer[i] = (byte)((_position + i) * 31 >> 7);
        }
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
