using System.IO.Compression;
using System.Text.Json;

namespace Serverless.Runs;

/// <summary>
/// How the index lies in the store. A process writes its latest entries into its own tail, <c>runs/tails/{writer}.jsonl</c>, again and
/// again; once that is full they go as one segment into the hour,
/// <c>runs/segments/{yyyy}/{MM}/{dd}/{HH}/{writer}-{number}.jsonl.gz</c>, which never changes. Some segments of a writer go together as
/// one, <c>{writer}-{number}-m{segments}.jsonl.gz</c>, since each file is a request of whoever reads the index.
/// </summary>
internal static class RunFiles
{
    public const string Tails = "runs/tails/";
    public const string Segments = "runs/segments/";
    public const string TailType = "application/jsonl";
    public const string SegmentType = "application/gzip";

    /// <summary>Of lines, uncompressed; no file with more is written, as nobody would read it.</summary>
    public const int MaxBytes = 64 << 20;

    public static string TailOf(string writer) => $"{Tails}{writer}.jsonl";

    public static string FolderOf(DateTimeOffset time) => FormattableString.Invariant($"{Segments}{time.UtcDateTime:yyyy/MM/dd/HH}/");

    public static string SegmentOf(DateTimeOffset time, string writer, long number) => $"{FolderOf(time)}{writer}-{number:x8}.jsonl.gz";

    public static string MergedOf(string folder, string name, int files) => $"{folder}{name}-m{files}.jsonl.gz";

    public static byte[] Compress(IEnumerable<byte[]> lines)
    {
        using MemoryStream content = new();
        using (GZipStream compressed = new(content, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (byte[] line in lines)
            {
                compressed.Write(line);
                compressed.WriteByte((byte)'\n');
            }
        }
        return content.ToArray();
    }

    /// <exception cref="InvalidDataException">It is none of ours, or too large.</exception>
    public static List<RunEntry> Read(string path, BinaryData content)
    {
        try
        {
            ReadOnlyMemory<byte> lines = path.EndsWith(".gz", StringComparison.Ordinal) ? Expand(path, content) : content.ToMemory();
            List<RunEntry> entries = [];
            for (ReadOnlySpan<byte> rest = lines.Span; !rest.IsEmpty; )
            {
                int end = rest.IndexOf((byte)'\n');
                entries.Add(RunLine.Read(end < 0 ? rest : rest[..end]));
                rest = end < 0 ? [] : rest[(end + 1)..];
            }
            return entries;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Object '{path}' holds no entries of runs: {e.Message}", e);
        }
    }

    private static ReadOnlyMemory<byte> Expand(string path, BinaryData content)
    {
        using GZipStream compressed = new(content.ToStream(), CompressionMode.Decompress);
        using MemoryStream lines = new();
        byte[] part = new byte[81_920];
        for (int read; (read = compressed.Read(part)) > 0; )
        {
            lines.Write(part, 0, read);
            if (lines.Length > MaxBytes)
            {
                throw new InvalidDataException($"Object '{path}' expands to more than {MaxBytes:N0} bytes.");
            }
        }
        return lines.GetBuffer().AsMemory(0, (int)lines.Length);
    }
}
