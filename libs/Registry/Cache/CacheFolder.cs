using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>The folder of verified copies: where each lies, which was used when, and room for the next.</summary>
internal sealed class CacheFolder(RegistryOptions options, TimeProvider time)
{
    /// <summary>A folder that was just handed out may be opened only a moment later.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ScratchAge = TimeSpan.FromDays(1);

    private readonly string _root = Path.GetFullPath(options.CacheFolder);

    /// <summary>Two registries may give the same number to different packages, and share this folder: the digest parts them.</summary>
    public string Of(ModelManifest manifest) =>
        Path.Combine(_root, "versions", manifest.Digest.Split(':')[1][..16], manifest.Name, $"{manifest.Version}");

    public void Touch(string copy) => Directory.SetLastWriteTimeUtc(copy, time.GetUtcNow().UtcDateTime);

    /// <summary>Also removes what a process left that ended while it was at it.</summary>
    public ScratchFolder Scratch()
    {
        DirectoryInfo scratch = Directory.CreateDirectory(Path.Combine(_root, "scratch"));
        foreach (
            FileSystemInfo left in scratch
                .EnumerateFileSystemInfos()
                .Where(e => e.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - ScratchAge)
        )
        {
            Remove(left);
        }
        return new(scratch.FullName);
    }

    /// <summary>Removes the longest unused copies until another fits; a copy that is open stays readable until it is closed.</summary>
    public void MakeRoom(ModelManifest newcomer)
    {
        string versions = Path.Combine(_root, "versions");
        if (!Directory.Exists(versions))
        {
            return;
        }
        var copies = Directory
            .EnumerateDirectories(versions)
            .SelectMany(Directory.EnumerateDirectories)
            .SelectMany(Directory.EnumerateDirectories)
            .Where(d => d != Of(newcomer))
            .Select(d => (Folder: new DirectoryInfo(d), Bytes: BytesIn(d)))
            .OrderBy(c => c.Folder.LastWriteTimeUtc)
            .ToList();
        long total = copies.Sum(c => c.Bytes) + newcomer.TotalBytes;
        foreach ((DirectoryInfo copy, long size) in copies)
        {
            if (total <= options.MaxCacheBytes || copy.LastWriteTimeUtc > time.GetUtcNow().UtcDateTime - Grace)
            {
                return;
            }
            Remove(copy);
            total -= size;
        }
    }

    private static long BytesIn(string copy)
    {
        try
        {
            return new DirectoryInfo(copy).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
        }
        catch (IOException)
        {
            return 0; // another process removes it
        }
    }

    private static void Remove(FileSystemInfo entry)
    {
        try
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }
        catch (IOException)
        {
            // Another process is at it as well.
        }
    }
}

/// <summary>A fresh folder, gone when disposed unless it was moved away before.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        Path = System.IO.Path.Combine(parent, System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <exception cref="IOException">There is such a folder already.</exception>
    public void MoveTo(string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        Directory.Move(Path, target);
    }

    /// <summary>Takes the place of a folder that is damaged.</summary>
    public void Replace(string damaged)
    {
        string aside = $"{Path}.damaged";
        Directory.Move(damaged, aside);
        Directory.Move(Path, damaged);
        Directory.Delete(aside, recursive: true);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
