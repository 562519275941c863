namespace Serverless.Functions.Azure.Http;

/// <summary>A request's body that fails as soon as it turns out longer than allowed, whatever it announced. Reads forward only.</summary>
/// <param name="instead">The way for what is longer, told to those who are refused.</param>
internal sealed class LimitedStream(Stream body, long maxBytes, string? instead = null) : Stream
{
    private long _read;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await body.ReadAsync(buffer, cancellationToken));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Count(body.Read(buffer, offset, count));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int read)
    {
        _read += read;
        return _read <= maxBytes
            ? read
            : throw RequestProblem.TooLarge($"The body is longer than {maxBytes:N0} bytes, which is the most allowed. {instead}".TrimEnd());
    }
}
