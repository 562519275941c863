using System.IO.Compression;
using System.Text.Json;

namespace Serverless.Captures;

/// <summary>Lines of one model, version and hour, compressed as they come. Belongs to the writer's one loop.</summary>
internal sealed class CaptureDraft
{
    public const string ContentType = "application/gzip";

    private readonly MemoryStream _content = new();
    private readonly GZipStream _compressed;
    private readonly long[] _lines = new long[Enum.GetValues<CaptureKind>().Length];

    public CaptureDraft() => _compressed = new GZipStream(_content, CompressionLevel.Fastest, leaveOpen: true);

    public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

    public IReadOnlyList<long> LinesByKind => _lines;

    /// <returns>The line's bytes; 0 when it is longer than allowed, and left out.</returns>
    public int Add(CaptureRecord record, int maxLineBytes)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(record, CaptureJson.Options);
        if (line.Length >= maxLineBytes)
        {
            return 0;
        }
        _compressed.Write(line);
        _compressed.WriteByte((byte)'\n');
        _lines[(int)record.Kind]++;
        First = record.Time < First ? record.Time : First;
        Last = record.Time > Last ? record.Time : Last;
        return line.Length + 1;
    }

    public ReadOnlyMemory<byte> Finish()
    {
        _compressed.Dispose();
        return _content.GetBuffer().AsMemory(0, (int)_content.Length);
    }
}
