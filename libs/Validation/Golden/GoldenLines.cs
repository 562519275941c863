using Serverless.Packages;
using Serverless.Storage;

namespace Serverless.Validation.Golden;

/// <summary>A golden set as somebody sends it, read once: its bytes, which give it its digest, and what they say.</summary>
public sealed class GoldenLines
{
    private GoldenLines(ReadOnlyMemory<byte> bytes, ModelTask task, IReadOnlyList<GoldenItem> items) =>
        (Bytes, Task, Items) = (bytes, task, items);

    public ReadOnlyMemory<byte> Bytes { get; }

    public ModelTask Task { get; }

    public IReadOnlyList<GoldenItem> Items { get; }

    /// <summary>Without the items that a person rejected.</summary>
    /// <exception cref="GoldenException">A line is wrong, or of an item that was drawn and nobody has looked at.</exception>
    public static GoldenLines Read(ReadOnlyMemory<byte> bytes, ModelTask task)
    {
        IReadOnlyList<GoldenItem> items = GoldenReader.Read(bytes, task);
        return new GoldenLines(GoldenReader.WithoutRejected(bytes), task, items);
    }

    /// <summary>A line for each item.</summary>
    public static ReadOnlyMemory<byte> Write(IEnumerable<GoldenItem> items)
    {
        using MemoryStream lines = new();
        foreach (GoldenItem item in items)
        {
            lines.Write(StoredJson.Write(item).ToMemory().Span);
            lines.WriteByte((byte)'\n');
        }
        return lines.ToArray();
    }
}
