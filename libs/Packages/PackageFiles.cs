using System.Security.Cryptography;
using System.Text.Json;

namespace Serverless.Packages;

/// <summary>The files of one package folder, listed once within the limits; nothing outside them is ever opened.</summary>
public sealed class PackageFiles
{
    private readonly string _root;
    private readonly ModelLimits _limits;
    private readonly SortedDictionary<string, long> _lengths = new(StringComparer.Ordinal);
    private long _totalBytes;

    /// <summary>A version's folder, laid out as {name}/{version}/.</summary>
    public PackageFiles(string directory, ModelLimits limits)
        : this(directory, null, null, limits) { }

    /// <summary>A folder of any place that holds a version of a name.</summary>
    public PackageFiles(string directory, string? name, string? version, ModelLimits limits)
    {
        _root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        _limits = limits;
        Version = version ?? Path.GetFileName(_root);
        Name = name ?? Path.GetFileName(Path.GetDirectoryName(_root)) ?? "";
        if (!Directory.Exists(_root))
        {
            throw Reject(_root, "no such folder", "a model package laid out as {name}/{version}/model.onnx, config.json, …");
        }
        Scan(new DirectoryInfo(_root), "", 0);
    }

    public string Name { get; }
    public string Version { get; }

    public IReadOnlyDictionary<string, long> Lengths => _lengths;

    public bool Has(string path) => _lengths.ContainsKey(path);

    public string FullPath(string path) => Path.Combine(_root, path);

    public ModelRejectedException Reject(string file, string found, string expected, Exception? cause = null) =>
        Reject(Name, Version, file, found, expected, cause);

    public TaskMismatchException Mismatch(string file, string found, string expected) =>
        new(Reject(file, found, expected).Message, $"{file}: found {found}; expected {expected}");

    public static ModelRejectedException Reject(string name, string version, string file, string found, string expected, Exception? cause)
    {
        string message = $"Model package {name}/{version}: {file}: found {found}; expected {expected}.";
        return cause is null ? new(message) : new(message, cause);
    }

    /// <summary>
    /// The SHA-256 of what sha256sum prints for all files in order: `find -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum |
    /// sha256sum`.
    /// </summary>
    public string Digest()
    {
        var files = new List<ManifestFile>();
        foreach ((string path, long length) in _lengths)
        {
            using FileStream file = File.OpenRead(FullPath(path));
            files.Add(new ManifestFile(path, length, Convert.ToHexStringLower(SHA256.HashData(file))));
        }
        return PackageDigest.Of(files);
    }

    /// <summary>Every file with its SHA-256, sorted by path.</summary>
    public async Task<IReadOnlyList<ManifestFile>> HashAsync(CancellationToken cancellationToken)
    {
        var files = new List<ManifestFile>();
        foreach ((string path, long length) in _lengths)
        {
            files.Add(new ManifestFile(path, length, await PackageDigest.OfFileAsync(FullPath(path), cancellationToken)));
        }
        return files;
    }

    /// <summary>Null where the package has no such file.</summary>
    public JsonFile? FindJson(string path)
    {
        if (!_lengths.TryGetValue(path, out long length))
        {
            return null;
        }
        if (length > _limits.MaxJsonBytes)
        {
            throw Reject(path, $"{length} bytes", $"at most {_limits.MaxJsonBytes}");
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(
                File.ReadAllBytes(FullPath(path)),
                new JsonDocumentOptions { MaxDepth = _limits.MaxJsonDepth }
            );
            return new JsonFile(this, path, document.RootElement.Clone());
        }
        catch (JsonException e)
        {
            throw Reject(path, $"malformed JSON ({e.Message})", $"JSON at most {_limits.MaxJsonDepth} levels deep", e);
        }
    }

    public JsonFile LoadJson(string path) => FindJson(path) ?? throw Reject(path, "no such file", "this file in the package");

    private void Scan(DirectoryInfo folder, string prefix, int depth)
    {
        if (depth > _limits.MaxFolderDepth)
        {
            throw Reject(prefix, $"a folder {depth} levels down", $"at most {_limits.MaxFolderDepth} levels");
        }
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            string path = prefix + entry.Name;
            if (entry.LinkTarget is not null)
            {
                throw Reject(path, "a symbolic link", "plain files and folders");
            }
            if (RegularFile.FindOther(entry.FullName) is { } other)
            {
                throw Reject(path, other, "plain files and folders");
            }
            if (entry is DirectoryInfo child)
            {
                Scan(child, path + "/", depth + 1);
            }
            else
            {
                Add(path, ((FileInfo)entry).Length);
            }
        }
    }

    private void Add(string path, long length)
    {
        _lengths.Add(path, length);
        _totalBytes += length;
        if (_lengths.Count > _limits.MaxFiles)
        {
            throw Reject(_root, $"more than {_limits.MaxFiles} files", $"at most {_limits.MaxFiles}");
        }
        if (_totalBytes > _limits.MaxPackageBytes)
        {
            throw Reject(path, $"{_totalBytes} bytes with this file", $"at most {_limits.MaxPackageBytes} in the package");
        }
    }
}
