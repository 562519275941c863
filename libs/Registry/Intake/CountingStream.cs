using Serverless.Storage;

namespace Serverless.Registry;

/// <summary>
/// Counts what was really read of an archive, and ends where that is too much. Reads forward only; leaves the inner stream open.
/// </summary>
internal sealed class CountingStream(Stream inner, long maxBytes, StagedPackage stage) : ForwardStream
{
    public long BytesRead { get; private set; }

    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    private int Count(int read)
    {
        BytesRead += read;
        return BytesRead <= maxBytes ? read : throw stage.Reject("the archive", $"more than {maxBytes} bytes", $"at most {maxBytes}");
    }
}

/// <summary>
/// What a tar archive unpacks to, guarded: the expansion so far is checked at each read, and a header that asks for a long text, for
/// which a reader would make room first, is refused.
/// </summary>
internal sealed class BoundedReads(Stream inner, StagedPackage stage, ExpansionGuard guard) : ForwardStream
{
    private const int MaxReadBytes = 1 << 20;

    private long _total;

    public override int Read(Span<byte> buffer)
    {
        Check(buffer.Length);
        return Count(inner.Read(buffer));
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(buffer.Length);
        return Count(await inner.ReadAsync(buffer, cancellationToken));
    }

    private void Check(int wanted)
    {
        if (wanted > MaxReadBytes)
        {
            throw stage.Reject("the archive", $"a header of {wanted} bytes", $"at most {MaxReadBytes}");
        }
    }

    private int Count(int read)
    {
        _total += read;
        guard.Check(_total);
        return read;
    }
}
