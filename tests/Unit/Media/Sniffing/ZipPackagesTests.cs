using System.IO.Compression;
using Serverless.Media;
using Xunit;

namespace Serverless.Unit.Media.Sniffing;

public sealed class ZipPackagesTests
{
    [Theory]
    [InlineData("[Content_Types].xml _rels/.rels word/document.xml", "a Word document (DOCX)")]
    [InlineData("word/document.xml _rels/.rels [Content_Types].xml", "a Word document (DOCX)")]
    [InlineData("docProps/app.xml xl/workbook.xml [Content_Types].xml", "an Excel workbook (XLSX)")]
    [InlineData("_rels/.rels ppt/presentation.xml", "a PowerPoint presentation (PPTX)")]
    [InlineData("3D/3dmodel.model [Content_Types].xml", "an Office Open XML document")]
    [InlineData("content.xml META-INF/manifest.xml mimetype", "an OpenDocument file")]
    [InlineData("OEBPS/cover.jpg META-INF/container.xml mimetype", "an EPUB book")]
    [InlineData("word/list.txt xl/numbers.csv", "a ZIP archive")]
    [InlineData("META-INF/MANIFEST.MF Main.class", "a ZIP archive")]
    public void Rejects_ADocumentByItsName_InAnyOrderOfEntries(string entries, string found)
    {
        foreach (int length in (int[])[10, 50_000]) // within the head, or with all but the first entry behind it
        {
            byte[] file = Zip(entries.Split(' '), length, seekable: true);

            MediaVerdict verdict = Sniff(file);

            Assert.StartsWith($"Found {found}; allowed are", verdict.Refusal);
        }
    }

    [Fact]
    public void Rejects_ADocumentWhoseSizesFollowItsEntries()
    {
        byte[] file = Zip(["docProps/app.xml", "word/document.xml", "[Content_Types].xml"], 50_000, seekable: false);

        MediaVerdict verdict = Sniff(file);

        Assert.StartsWith("Found a Word document (DOCX)", verdict.Refusal);
    }

    [Fact]
    public void Rejects_ADocumentWhoseDirectoryIsLongerThanTheTail()
    {
        string[] pictures = [.. Enumerable.Range(0, 2_000).Select(i => $"word/media/picture{i:0000}.png")];

        MediaVerdict verdict = Sniff(Zip(["[Content_Types].xml", "word/document.xml", .. pictures], 10, seekable: true));

        Assert.StartsWith("Found a Word document (DOCX)", verdict.Refusal);
    }

    /// <summary>Packed anew, in the order of its names.</summary>
    [Theory]
    [InlineData("application/vnd.oasis.opendocument.text", "an OpenDocument file")]
    [InlineData("application/epub+zip", "an EPUB book")]
    public void Rejects_ADocument_ByTheEntryThatSaysItsType_WhereverItStands(string type, string found)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (
                (string name, byte[] content) in (IEnumerable<(string, byte[])>)
                    [("meta.xml", new byte[50_000]), ("mimetype", System.Text.Encoding.ASCII.GetBytes(type)), ("styles.xml", new byte[10])]
            )
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        MediaVerdict verdict = Sniff(file.ToArray());

        Assert.StartsWith($"Found {found}; allowed are", verdict.Refusal);
    }

    [Fact]
    public void Rejects_ADocumentInMemory_ByItsEndToo()
    {
        byte[] file = Zip(["Pictures/a.png", "content.xml", "META-INF/manifest.xml"], 50_000, seekable: true);

        Assert.StartsWith("Found an OpenDocument file", MediaSniffer.Sniff(file).Refusal);
    }

    [Fact]
    public void Rejects_AnArchiveThatHoldsADocument_AsAnArchive()
    {
        byte[] document = Zip(["[Content_Types].xml", "word/document.xml"], 10, seekable: true);
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry("letter.docx", CompressionLevel.NoCompression).Open();
            entry.Write(document);
        }

        MediaVerdict verdict = Sniff(file.ToArray());

        Assert.StartsWith("Found a ZIP archive", verdict.Refusal);
    }

    [Fact]
    public void AnyDamage_LeavesAnArchiveWithAVerdict()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        byte[] whole = Zip(["a.txt", "word/document.xml", "[Content_Types].xml"], 100, seekable: true);
        for (int round = 0; round < 2_000; round++)
        {
            byte[] file = whole[..random.Next(4, whole.Length + 1)];
            for (int i = 0; i < 3; i++)
            {
                file[random.Next(4, file.Length + 1) - 1] = (byte)random.Next(256);
            }

            MediaVerdict verdict = Sniff(file);

            Assert.True(verdict.Kind is null, $"seed {Seed}, round {round}");
        }
    }

    private static MediaVerdict Sniff(byte[] file)
    {
        byte[] head = file[..Math.Min(file.Length, MediaSniffer.HeadBytes)];
        byte[] tail = file[Math.Max(0, file.Length - MediaSniffer.TailBytes)..];
        return MediaSniffer.Sniff(head, file.Length, MediaSniffer.WantsTail(head, file.Length) ? tail : default);
    }

    private static byte[] Zip(string[] entries, int length, bool seekable)
    {
        using var file = new MemoryStream();
        using (var archive = new ZipArchive(seekable ? file : new Pipe(file), ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in entries)
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
                entry.Write(new byte[length]);
            }
        }
        return file.ToArray();
    }

    /// <summary>A stream on which nobody can go back to write a size.</summary>
    private sealed class Pipe(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
    }
}
