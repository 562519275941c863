using Amazon.S3.Model;

namespace Serverless.Storage;

/// <summary>
/// Reads one version of an object and, when the connection breaks in the middle, goes on from where it was: the SDK retries
/// requests, not bodies.
/// </summary>
internal sealed class S3ReadStream(GetObjectResponse first, long start, Func<long, CancellationToken, Task<GetObjectResponse>> reopen)
    : ForwardStream
{
    private const int MaxReopenings = 3;

    private readonly long _end = start + first.ContentLength;
    private GetObjectResponse _response = first;
    private long _position = start;
    private int _reopenings;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_position < _end && buffer.Length > 0)
        {
            try
            {
                int read = await _response.ResponseStream.ReadAsync(buffer, cancellationToken);
                if (read > 0)
                {
                    _position += read;
                    return read;
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException && _reopenings < MaxReopenings) { }
            await ReopenAsync(cancellationToken);
        }
        return 0;
    }

    public override int Read(Span<byte> buffer)
    {
        int read = _response.ResponseStream.Read(buffer[..(int)Math.Min(buffer.Length, _end - _position)]);
        if (read == 0 && buffer.Length > 0 && _position < _end)
        {
            throw Broken();
        }
        _position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _response.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        if (++_reopenings > MaxReopenings)
        {
            throw Broken();
        }
        _response.Dispose();
        _response = await reopen(_position, cancellationToken);
    }

    private IOException Broken() => new($"The object '{_response.Key}' ended at byte {_position} of {_end}.");
}
