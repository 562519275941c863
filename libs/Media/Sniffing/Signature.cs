namespace Serverless.Media.Sniffing;

/// <summary>Bytes that stand at a fixed place in every file of a type.</summary>
internal sealed record Signature(int Offset, byte[] Magic, MediaVerdict Verdict)
{
    public bool IsIn(ReadOnlySpan<byte> head) =>
        head.Length >= Offset + Magic.Length && head.Slice(Offset, Magic.Length).SequenceEqual(Magic);
}
