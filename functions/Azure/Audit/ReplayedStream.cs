using Serverless.Storage;

namespace Serverless.Functions.Azure.Audit;

/// <summary>A body of which the beginning was read already, for whoever reads it from its beginning. Does not own the rest.</summary>
internal sealed class ReplayedStream(ReadOnlyMemory<byte> beginning, Stream rest) : ForwardStream
{
    private int _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        _position < beginning.Length ? Replay(buffer.Span) : await rest.ReadAsync(buffer, cancellationToken);

    public override int Read(Span<byte> buffer) => _position < beginning.Length ? Replay(buffer) : rest.Read(buffer);

    private int Replay(Span<byte> buffer)
    {
        int count = Math.Min(buffer.Length, beginning.Length - _position);
        beginning.Span.Slice(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }
}
