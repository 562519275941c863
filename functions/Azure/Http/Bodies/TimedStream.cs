using Microsoft.AspNetCore.Http;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Http.Bodies;

/// <summary>A request's body that fails with 408 once it is late. Reads forward only.</summary>
internal sealed class TimedStream(Stream body, CancellationToken late) : ForwardStream
{
    private long _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late);
        try
        {
            int read = await body.ReadAsync(buffer, either.Token);
            _read += read;
            return read;
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestProblem(
                StatusCodes.Status408RequestTimeout,
                $"Of the body {_read:N0} bytes had come when it had to be complete."
            );
        }
    }

    public override int Read(Span<byte> buffer) => throw new NotSupportedException("A body is waited for; it is read asynchronously.");
}
