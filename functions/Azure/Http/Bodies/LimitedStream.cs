using Serverless.Storage;

namespace Serverless.Functions.Azure.Http.Bodies;

/// <summary>A request's body that fails as soon as it turns out longer than allowed, whatever it announced. Reads forward only.</summary>
/// <param name="instead">The way for what is longer, told to those who are refused.</param>
internal sealed class LimitedStream(Stream body, long maxBytes, string? instead = null) : ForwardStream
{
    private long _read;

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await body.ReadAsync(buffer, cancellationToken));

    public override int Read(Span<byte> buffer) => Count(body.Read(buffer));

    private int Count(int read)
    {
        _read += read;
        return _read <= maxBytes
            ? read
            : throw RequestProblem.TooLarge($"The body is longer than {maxBytes:N0} bytes, which is the most allowed. {instead}".TrimEnd());
    }
}
