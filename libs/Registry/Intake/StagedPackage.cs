using Serverless.Packages;

namespace Serverless.Registry;

/// <summary>
/// A package on its way in: a scratch folder that files are put into one by one, each path and every byte counted as it comes,
/// whatever the archive announced. Gone when disposed.
/// </summary>
public sealed class StagedPackage : IDisposable
{
    /// <summary>Folders count too: an archive may hold this many entries for each file that a package may have.</summary>
    private const int EntriesPerFile = 4;

    private readonly ScratchFolder _scratch;
    private readonly string _name;
    private readonly ModelLimits _limits;
    private readonly Action _disposed;
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);
    private int _entries;
    private long _bytes;
    private bool _isDisposed;

    internal StagedPackage(ScratchFolder scratch, string name, ModelLimits limits, Action disposed) =>
        (_scratch, _name, _limits, _disposed) = (scratch, name, limits, disposed);

    /// <summary>Where the package begins: archives often wrap it into one folder.</summary>
    public string Folder
    {
        get
        {
            FileSystemInfo[] found = new DirectoryInfo(_scratch.Path).GetFileSystemInfos();
            return found is [DirectoryInfo { Name: not "onnx" } only] ? only.FullName : _scratch.Path;
        }
    }

    /// <summary>
    /// To be called for each entry of an archive, before anything of it is read. Null for a folder, and for what macOS adds to archives.
    /// </summary>
    internal string? Admit(string entry)
    {
        if (++_entries > EntriesPerFile * _limits.MaxFiles)
        {
            throw Reject("the archive", $"more than {EntriesPerFile * _limits.MaxFiles} entries", $"at most {_limits.MaxFiles} files");
        }
        string path = entry.StartsWith("./", StringComparison.Ordinal) ? entry[2..] : entry;
        bool isFolder = path.Length == 0 || path.EndsWith('/');
        if (path.TrimEnd('/') is { Length: > 0 } trimmed && PackagePath.Fault(trimmed) is { } fault)
        {
            throw Reject(entry, fault, "a path inside the package");
        }
        return isFolder || IsFinderData(path) ? null : path;
    }

    /// <summary>Attributes and views of folders, which the Finder puts beside the files.</summary>
    private static bool IsFinderData(string path)
    {
        string file = path[(path.LastIndexOf('/') + 1)..];
        return file == ".DS_Store"
            || file.StartsWith("._", StringComparison.Ordinal)
            || path.StartsWith("__MACOSX/", StringComparison.Ordinal);
    }

    /// <summary>Takes a file in.</summary>
    internal async Task AddAsync(string path, Stream content, Action<long>? progress, CancellationToken cancellationToken)
    {
        if (!_paths.Add(path))
        {
            throw Reject(path, "two files of this name", "one");
        }
        if (_paths.Count > _limits.MaxFiles)
        {
            throw Reject(path, $"more than {_limits.MaxFiles} files", $"at most {_limits.MaxFiles}");
        }
        string target = Path.Combine(_scratch.Path, path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using FileStream file = new(target, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            byte[] buffer = new byte[128 << 10];
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; )
            {
                _bytes += read;
                if (_bytes > _limits.MaxPackageBytes)
                {
                    throw Reject(
                        path,
                        $"more than {_limits.MaxPackageBytes} bytes with this file",
                        $"at most {_limits.MaxPackageBytes} in the package"
                    );
                }
                progress?.Invoke(_bytes);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException
                && (Directory.Exists(target) || _paths.Any(p => path.StartsWith(p + "/", StringComparison.Ordinal)))
            )
        {
            throw Reject(path, "a file where a folder of that name is, or the other way round", "one of the two", e);
        }
    }

    internal ModelRejectedException Reject(string file, string found, string expected, Exception? cause = null) =>
        PackageFiles.Reject(_name, "new", file, found, expected, cause);

    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _scratch.Dispose();
        _disposed();
    }
}
