namespace Serverless.Functions.Azure.Http.Bodies;

/// <summary>The bytes of bodies that all requests together hold in memory. Thread-safe.</summary>
internal sealed class BodyMemory(long maxBytes)
{
    private long _held;

    /// <exception cref="RequestProblem">There is no room for as many; nothing was taken.</exception>
    public void Take(long bytes)
    {
        if (Interlocked.Add(ref _held, bytes) > maxBytes)
        {
            Return(bytes);
            throw RequestProblem.TooMany(
                $"The bodies of the requests that are being answered have no room for one more; {maxBytes:N0} bytes are allowed at a time."
            );
        }
    }

    public void Return(long bytes) => Interlocked.Add(ref _held, -bytes);
}

/// <summary>What one request holds of it, given back when that has been answered. For one thread at a time.</summary>
internal sealed class BodyShare(BodyMemory memory) : IDisposable
{
    private long _bytes;

    /// <exception cref="RequestProblem">There is no room for as many more.</exception>
    public void Take(long bytes)
    {
        memory.Take(bytes);
        _bytes += bytes;
    }

    public void Dispose()
    {
        memory.Return(_bytes);
        _bytes = 0;
    }
}
