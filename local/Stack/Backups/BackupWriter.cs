using System.Security.Cryptography;
using Serverless.Packages;

namespace Serverless.Local.Stack.Backups;

/// <summary>Writes files of a backup and keeps their digests. For one thread.</summary>
internal sealed class BackupWriter(string folder, IProgress<string> progress)
{
    private const int BufferBytes = 1 << 20;

    private readonly SortedDictionary<string, BackupFile> _files = new(StringComparer.Ordinal);
    private long _bytes;

    public IReadOnlyList<BackupFile> Files => [.. _files.Values];

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Copies a file, of which so many bytes are wanted; null for all that there are.</summary>
    /// <exception cref="FileNotFoundException"/>
    /// <exception cref="InvalidDataException">It is shorter than that.</exception>
    public async Task CopyAsync(string from, string name, long? length, CancellationToken cancellationToken)
    {
        BackupFile written = await CopyAsync(from, PathOf(name), name, length, cancellationToken);
        if (length is { } expected && written.Length < expected)
        {
            throw new InvalidDataException($"{from} has {written.Length} bytes, expected {expected}.");
        }
        Add(written);
    }

    public async Task WriteAsync(byte[] content, string name, CancellationToken cancellationToken)
    {
        string path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, content, cancellationToken);
        Add(new BackupFile(name, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
    }

    /// <summary>Takes up a file that another program wrote into the backup.</summary>
    public async Task AddAsync(string name, CancellationToken cancellationToken) =>
        Add(await DescribeAsync(PathOf(name), name, cancellationToken));

    public void Remove(string name)
    {
        if (_files.Remove(name, out BackupFile? file))
        {
            _bytes -= file.Length;
            File.Delete(PathOf(name));
        }
    }

    public static async Task<BackupFile> DescribeAsync(string path, string name, CancellationToken cancellationToken)
    {
        Demand(path);
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
        return new BackupFile(name, file.Length, Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken)));
    }

    /// <summary>On disk once it returns, with the mode of the original, which other processes may go on writing.</summary>
    public static async Task<BackupFile> CopyAsync(string from, string to, string name, long? most, CancellationToken cancellationToken)
    {
        Demand(from);
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        await using FileStream source = new(
            from,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            0,
            useAsync: true
        );
        FileStreamOptions create = new()
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
        {
            create.UnixCreateMode = File.GetUnixFileMode(source.SafeFileHandle);
        }
        await using FileStream target = new(to, create);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        long length = 0;
        while (true)
        {
            int wanted = (int)Math.Min(BufferBytes, (most ?? long.MaxValue) - length);
            int read = await source.ReadAsync(buffer.AsMemory(0, wanted), cancellationToken);
            if (read == 0)
            {
                break;
            }
            hash.AppendData(buffer, 0, read);
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length += read;
        }
        target.Flush(flushToDisk: true);
        return new BackupFile(name, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static void Demand(string path)
    {
        if (RegularFile.FindOther(path) is { } other)
        {
            throw new StackException($"{path} is {other}; expected is a file.");
        }
    }

    private void Add(BackupFile file)
    {
        _bytes += file.Length - (_files.TryGetValue(file.Path, out BackupFile? before) ? before.Length : 0);
        _files[file.Path] = file;
        progress.Report($"{_files.Count} files, {_bytes / 1e6:0.0} MB, {file.Path.Split('/')[0]}");
    }
}
