using System.Text;

namespace Serverless.Training.Heads;

/// <summary>Writes one protobuf message field by field (protobuf.dev, "Encoding").</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream _message = new();

    public ProtoWriter Integer(int field, long value)
    {
        Varint((ulong)field << 3);
        Varint((ulong)value);
        return this;
    }

    public ProtoWriter Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    public ProtoWriter Message(int field, ProtoWriter message) => Bytes(field, message.ToArray());

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Varint(((ulong)field << 3) | 2);
        Varint((ulong)bytes.Length);
        _message.Write(bytes);
        return this;
    }

    public byte[] ToArray() => _message.ToArray();

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _message.WriteByte((byte)(value | 0x80));
        }
        _message.WriteByte((byte)value);
    }
}
