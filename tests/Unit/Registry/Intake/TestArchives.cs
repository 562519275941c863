using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Serverless.Unit.Inference;

namespace Serverless.Unit.Registry.Intake;

/// <summary>Archives of a test package, and of whatever else.</summary>
internal static class TestArchives
{
    public static IEnumerable<(string Path, byte[] Bytes)> FilesOf(string model)
    {
        string folder = TestModels.Folder(model);
        return Directory
            .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(f => (Path.GetRelativePath(folder, f), File.ReadAllBytes(f)));
    }

    public static byte[] Zip(IEnumerable<(string Path, byte[] Bytes)> files, Action<ZipArchiveEntry>? change = null)
    {
        using MemoryStream bytes = new();
        using (ZipArchive zip = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string path, byte[] content) in files)
            {
                ZipArchiveEntry entry = zip.CreateEntry(path);
                change?.Invoke(entry);
                using Stream target = entry.Open();
                target.Write(content);
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Tar(IEnumerable<(string Path, byte[] Bytes)> files) =>
        Tar([.. files.Select(f => new PaxTarEntry(TarEntryType.RegularFile, f.Path) { DataStream = new MemoryStream(f.Bytes) })]);

    public static byte[] Tar(params TarEntry[] entries)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        using (TarWriter tar = new(gzip))
        {
            foreach (TarEntry entry in entries)
            {
                tar.WriteEntry(entry);
            }
        }
        return bytes.ToArray();
    }

    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
