using Serverless.Storage;

namespace Serverless.Functions.Azure.Http.Bodies;

/// <summary>A body while it is inflated; fails as the caller's fault where it is not what it was said to be. Reads forward only.</summary>
internal sealed class InflatedStream(Stream inflating, string encoding) : ForwardStream
{
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

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inflating.Read(buffer);
        }
        catch (InvalidDataException)
        {
            throw Damaged();
        }
    }

    private RequestProblem Damaged() =>
        RequestProblem.BadRequest($"The body is not what its Content-Encoding says: it is no {encoding}, or damaged.");
}
