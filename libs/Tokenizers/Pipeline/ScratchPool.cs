namespace Serverless.Tokenizers.Pipeline;

/// <summary>Lends scratch to as many threads as ask and keeps one for each core. Any thread.</summary>
internal sealed class ScratchPool
{
    private readonly EncodeScratch?[] _kept = new EncodeScratch?[Environment.ProcessorCount];

    public EncodeScratch Rent()
    {
        foreach (ref EncodeScratch? slot in _kept.AsSpan())
        {
            if (slot != null && Interlocked.Exchange(ref slot, null) is { } scratch)
            {
                return scratch;
            }
        }
        return new EncodeScratch();
    }

    public void Return(EncodeScratch scratch)
    {
        scratch.Trim();
        foreach (ref EncodeScratch? slot in _kept.AsSpan())
        {
            if (slot == null && Interlocked.CompareExchange(ref slot, scratch, null) == null)
            {
                return;
            }
        }
    }
}
