using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// A folder as the body of a request: a tar archive, compressed with gzip, made while it is sent. Of links, as in a cache of Hugging Face,
/// the files are sent that they lead to.
/// </summary>
internal sealed class FolderArchive : HttpContent
{
    private readonly string _folder;

    public FolderArchive(string folder)
    {
        _folder = folder;
        Headers.ContentType = new MediaTypeHeaderValue("application/gzip");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        // Weights hardly compress, and the way is short.
        await using GZipStream gzip = new(stream, CompressionLevel.Fastest, leaveOpen: true);
        await using TarWriter tar = new(gzip, leaveOpen: true);
        foreach (string file in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using FileStream content = File.OpenRead(Target(new FileInfo(file)).FullName);
            string path = Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/');
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = content }, cancellationToken);
        }
    }

    public static long TotalBytes(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => Target(file).Length);

    private static FileInfo Target(FileInfo file) =>
        file.LinkTarget is null ? file
        : file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo { Exists: true } target ? target
        : throw new StackException($"'{file.FullName}' is a link to '{file.LinkTarget}', where no file is.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
