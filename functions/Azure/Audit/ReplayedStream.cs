namespace Serverless.Functions.Azure.Audit;

/// <summary>A body of which the beginning was read already, for whoever reads it from its beginning. Does not own the rest.</summary>
internal sealed class ReplayedStream(ReadOnlyMemory<byte> beginning, Stream rest) : Stream
{
    private int _position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _position < beginning.Length ? Replay(buffer.Span) : await rest.ReadAsync(buffer, cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        _position < beginning.Length ? Replay(buffer.AsSpan(offset, count)) : rest.Read(buffer, offset, count);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Replay(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, beginning.Length - _position);
        beginning.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
