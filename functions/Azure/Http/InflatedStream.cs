namespace Serverless.Functions.Azure.Http;

/// <summary>A body while it is inflated; fails as the caller's fault where it is not what it was said to be. Reads forward only.</summary>
internal sealed class InflatedStream(Stream inflating, string encoding) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inflating.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        try
        {
            return inflating.Read(buffer, offset, count);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private RequestProblem Damaged() =>
        RequestProblem.BadRequest($"The body is not what its Content-Encoding says: it is no {encoding}, or damaged.");
}
