using System.Buffers;
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

    private const int PartBytes = 64 << 10;

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
    public static List<RunEntry> Read(string path, BinaryData content, SharedTexts texts)
    {
        List<RunEntry> entries = [];
        try
        {
            if (path.EndsWith(".gz", StringComparison.Ordinal))
            {
                using GZipStream compressed = new(content.ToStream(), CompressionMode.Decompress);
                ReadParts(path, compressed, entries, texts);
            }
            else
            {
                ReadRest(entries, ReadLines(entries, content.ToMemory().Span, texts), texts);
            }
            return entries;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"Object '{path}' holds no entries of runs: {e.Message}", e);
        }
    }

    /// <summary>
    /// Line by line as it is inflated: whole, the lines of all files are most of the memory that the first list takes, and of its time.
    /// </summary>
    private static void ReadParts(string path, Stream lines, List<RunEntry> entries, SharedTexts texts)
    {
        byte[] part = ArrayPool<byte>.Shared.Rent(PartBytes);
        try
        {
            int held = 0;
            long all = 0;
            for (int read; (read = lines.Read(part, held, part.Length - held)) > 0; )
            {
                all += read;
                if (all > MaxBytes)
                {
                    throw new InvalidDataException($"Object '{path}' expands to more than {MaxBytes:N0} bytes.");
                }
                bool endsLine = part.AsSpan(held, read).Contains((byte)'\n');
                held += read;
                if (endsLine)
                {
                    ReadOnlySpan<byte> rest = ReadLines(entries, part.AsSpan(0, held), texts);
                    rest.CopyTo(part);
                    held = rest.Length;
                }
                else if (held == part.Length)
                {
                    byte[] longer = ArrayPool<byte>.Shared.Rent(2 * part.Length);
                    part.CopyTo(longer, 0);
                    ArrayPool<byte>.Shared.Return(part);
                    part = longer;
                }
            }
            ReadRest(entries, part.AsSpan(0, held), texts);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
    }

    /// <returns>What follows the last line feed.</returns>
    private static ReadOnlySpan<byte> ReadLines(List<RunEntry> entries, ReadOnlySpan<byte> lines, SharedTexts texts)
    {
        for (int end; (end = lines.IndexOf((byte)'\n')) >= 0; lines = lines[(end + 1)..])
        {
            entries.Add(RunLine.Read(lines[..end], texts));
        }
        return lines;
    }

    private static void ReadRest(List<RunEntry> entries, ReadOnlySpan<byte> rest, SharedTexts texts)
    {
        if (!rest.IsEmpty)
        {
            entries.Add(RunLine.Read(rest, texts));
        }
    }
}
