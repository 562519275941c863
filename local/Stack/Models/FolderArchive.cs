using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Serverless.Local.Stack.Models;

/// <summary>A folder as the body of a request: a tar archive, compressed with gzip, made while it is sent.</summary>
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
            await tar.WriteEntryAsync(
                file,
                Path.GetRelativePath(_folder, file).Replace(Path.DirectorySeparatorChar, '/'),
                cancellationToken
            );
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
