using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Enumeration;
using System.Net;
using System.Net.Http.Headers;
using Serverless.Packages;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// A folder as the body of a request: a tar archive, compressed with gzip, made while it is sent. Of links, as in a cache of Hugging Face,
/// the files are sent that they lead to, but none from elsewhere: a folder that was downloaded may link to its owner's secrets.
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
        foreach ((string path, FileInfo file) in FilesOf(_folder).OrderBy(file => file.Path, StringComparer.Ordinal))
        {
            await using FileStream content = file.OpenRead();
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = content }, cancellationToken);
        }
    }

    /// <exception cref="StackException">A link in it leads elsewhere, or something in it is no file.</exception>
    public static long TotalBytes(string folder) => FilesOf(folder).Sum(file => file.Content.Length);

    private static IEnumerable<(string Path, FileInfo Content)> FilesOf(string folder)
    {
        string root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        string bound = BoundOf(root) + Path.DirectorySeparatorChar;
        FileSystemEnumerable<FileSystemInfo> all = new(
            root,
            (ref entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }
        )
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory || IsLink(entry.Attributes),
            ShouldRecursePredicate = (ref entry) => !IsLink(entry.Attributes),
        };
        return all.Select(entry =>
            (Path.GetRelativePath(root, entry.FullName).Replace(Path.DirectorySeparatorChar, '/'), ContentOf(entry, bound))
        );
    }

    private static bool IsLink(FileAttributes attributes) => attributes.HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Links of a snapshot in a cache of Hugging Face lead to the cache's blobs of the same model.</summary>
    private static string BoundOf(string folder)
    {
        for (DirectoryInfo at = new(folder); at.Parent is { } parent; at = parent)
        {
            if (at.Name == "snapshots" && Directory.Exists(Path.Combine(parent.FullName, "blobs")))
            {
                return parent.FullName;
            }
        }
        return folder;
    }

    private static FileInfo ContentOf(FileSystemInfo entry, string bound)
    {
        if (RegularFile.FindOther(entry.FullName) is { } other)
        {
            throw new StackException($"'{entry.FullName}' is {other}; expected are plain files and folders.");
        }
        if (entry.LinkTarget is null)
        {
            return (FileInfo)entry;
        }
        if (entry.ResolveLinkTarget(returnFinalTarget: true) is not FileInfo { Exists: true } target)
        {
            throw new StackException($"'{entry.FullName}' is a link to '{entry.LinkTarget}', where no file is.");
        }
        return target.FullName.StartsWith(bound, StringComparison.Ordinal)
            ? target
            : throw new StackException(
                $"'{entry.FullName}' is a link to '{entry.LinkTarget}', outside the model's folder; copy the file there if it belongs here."
            );
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
