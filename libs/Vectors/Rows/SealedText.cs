using System.Buffers.Binary;
using System.Text;

namespace Serverless.Vectors.Rows;

/// <summary>The bytes of an asset version and of a label in a sealed file: a string with its length, then one to the end.</summary>
internal static class SealedText
{
    public static void WriteAsset(Stream stream, ReadOnlySpan<byte> id, AssetVersion owner)
    {
        Span<byte> modified = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(modified, owner.Modified.UtcTicks);
        stream.Write(modified);
        WritePair(stream, id, owner.Version);
    }

    public static void WriteLabel(Stream stream, in VectorLabel label) =>
        WritePair(stream, Encoding.UTF8.GetBytes(label.Place), label.Text);

    public static ReadOnlySpan<byte> ReadId(ReadOnlySpan<byte> asset) => First(asset[sizeof(long)..]);

    public static AssetVersion ReadOwner(ReadOnlySpan<byte> asset, bool isTombstone)
    {
        DateTimeOffset modified = new(BinaryPrimitives.ReadInt64LittleEndian(asset), TimeSpan.Zero);
        ReadOnlySpan<byte> names = asset[sizeof(long)..];
        return new AssetVersion(Encoding.UTF8.GetString(First(names)), Encoding.UTF8.GetString(Second(names)), modified, isTombstone);
    }

    public static ReadOnlySpan<byte> ReadPlace(ReadOnlySpan<byte> label) => First(label);

    public static VectorLabel ReadLabel(ReadOnlySpan<byte> label, AssetVersion owner) =>
        new(owner, Encoding.UTF8.GetString(First(label)), Encoding.UTF8.GetString(Second(label)));

    private static void WritePair(Stream stream, ReadOnlySpan<byte> first, string second)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, first.Length);
        stream.Write(length);
        stream.Write(first);
        stream.Write(Encoding.UTF8.GetBytes(second));
    }

    private static ReadOnlySpan<byte> First(ReadOnlySpan<byte> pair) =>
        pair.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(pair));

    private static ReadOnlySpan<byte> Second(ReadOnlySpan<byte> pair) =>
        pair[(sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(pair))..];
}
