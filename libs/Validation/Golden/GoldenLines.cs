using Serverless.Packages;

namespace Serverless.Validation.Golden;

/// <summary>A golden set as somebody sends it, read once: its bytes, which give it its digest, and what they say.</summary>
public sealed class GoldenLines
{
    private GoldenLines(ReadOnlyMemory<byte> bytes, ModelTask task, IReadOnlyList<GoldenItem> items) =>
        (Bytes, Task, Items) = (bytes, task, items);

    public ReadOnlyMemory<byte> Bytes { get; }

    public ModelTask Task { get; }

    public IReadOnlyList<GoldenItem> Items { get; }

    /// <exception cref="GoldenException">A line is wrong.</exception>
    public static GoldenLines Read(ReadOnlyMemory<byte> bytes, ModelTask task) => new(bytes, task, GoldenReader.Read(bytes.Span, task));
}
