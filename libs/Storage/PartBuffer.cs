using System.Buffers;

namespace Serverless.Storage;

/// <summary>A pooled buffer that holds one part of an upload and grows only as far as there is content.</summary>
internal sealed class PartBuffer : IDisposable
{
    private const int SmallestBytes = 64 << 10;

    private byte[] _bytes;

    private PartBuffer(int initialBytes) => _bytes = ArrayPool<byte>.Shared.Rent(initialBytes);

    /// <summary>As large as the content is known to be and a byte more, so that its end is seen without growing.</summary>
    public static PartBuffer For(Stream content, int partBytes) =>
        new((int)Math.Clamp(content.CanSeek ? content.Length - content.Position + 1 : SmallestBytes, 1, partBytes));

    public int Count { get; private set; }

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Count);

    /// <summary>A view to be read from; valid until the next fill.</summary>
    public MemoryStream OpenRead() => new(_bytes, 0, Count, writable: false);

    /// <summary>Replaces what it holds by the next bytes of the content: the wanted number, fewer only at its end.</summary>
    public async Task FillAsync(Stream content, int wanted, CancellationToken cancellationToken)
    {
        Count = 0;
        while (Count < wanted)
        {
            if (Count == _bytes.Length)
            {
                Grow(wanted);
            }
            int read = await content.ReadAsync(_bytes.AsMemory(Count, Math.Min(_bytes.Length, wanted) - Count), cancellationToken);
            if (read == 0)
            {
                return;
            }
            Count += read;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_bytes);

    private void Grow(int wanted)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, _bytes.Length * 2L));
        _bytes.AsSpan(0, Count).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = larger;
    }
}
